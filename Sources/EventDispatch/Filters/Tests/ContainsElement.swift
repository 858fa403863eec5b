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
    func write(to output: inout PrintedText, key: String, negated: Bool) {
        output.append(call: "contains", of: key, negated: negated, element)
    }

    @usableFromInline var indexForm: IndexForm {
        guard Value.self is any StoredElements.Type else { return .none }
        let member = MemberForm(CollectionOfOne(element), by: elements.hashing)
        return IndexForm(.element(ElementForm(element: member, forEachElement: elements.forEach)))
    }

    @usableFromInline func isInterchangeable(with other: Self) -> Bool { areSame(element, other.element) }

    @usableFromInline var identity: AnyHashable { AnyHashable(Compared(element)) }

    @usableFromInline var defect: FilterDefect? { element == element ? nil : .notANumber }
}
