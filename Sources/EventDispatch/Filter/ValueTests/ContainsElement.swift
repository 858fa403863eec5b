/// `\.key`, a collection, contains an element
struct ContainsElement<Value: Collection>: ValueTest, Sendable where Value.Element: Hashable & Sendable {
    private let element: Value.Element

    init(_ element: Value.Element) { self.element = element }

    func holds(for value: Value) -> Bool { value.contains(element) }

    func source(key: String, negated: Bool) -> String {
        "\(negated ? "!" : "")\(key).contains(\(swiftSource(of: element)))"
    }

    var defect: FilterDefect? { element == element ? nil : .notANumber }
}
