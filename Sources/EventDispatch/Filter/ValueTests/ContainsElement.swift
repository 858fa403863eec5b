/// `\.key`, a collection, contains an element
@usableFromInline
struct ContainsElement<Value: Collection>: ValueTest, Sendable where Value.Element: Hashable & Sendable {
    private let element: Value.Element
    private let elements: ElementOperations

    @usableFromInline
    init(_ element: Value.Element, by elements: ElementOperations) {
        self.element = element
        self.elements = elements
    }

    @inlinable
    init(_ element: Value.Element) {
        self.init(element, by: ElementOperations(of: Value.self))
    }

    @usableFromInline
    func holds(for value: Value) -> Bool { value.contains(element) }

    @usableFromInline
    func source(key: String, negated: Bool) -> String {
        "\(negated ? "!" : "")\(key).contains(\(swiftSource(of: element)))"
    }

    @usableFromInline var indexForm: IndexForm {
        guard Value.self is any StoredElements.Type else { return .none }
        let member = MemberForm(CollectionOfOne(element), by: elements.hashing)
        return IndexForm(.element(ElementForm(element: member, forEachElement: elements.forEach)))
    }

    @usableFromInline var identity: AnyHashable { AnyHashable(element) }

    @usableFromInline var defect: FilterDefect? { element == element ? nil : .notANumber }
}
