/// `\.key == value`
struct EqualTo<Value: Hashable & Sendable>: ValueTest, Sendable {
    private let value: Value

    init(_ value: Value) { self.value = value }

    func holds(for value: Value) -> Bool { value == self.value }

    func source(key: String, negated: Bool) -> String {
        "\(key) \(negated ? "!=" : "==") \(swiftSource(of: value))"
    }

    var defect: FilterDefect? { value == value ? nil : .notANumber }

    var respectsEquality: Bool { true }

    var candidates: [Value]? { [value] }
}
