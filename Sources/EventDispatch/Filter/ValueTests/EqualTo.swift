/// `\.key == value`
@usableFromInline
struct EqualTo<Value: Hashable & Sendable>: ValueTest, Sendable {
    private let value: Value
    private let operations: HashOperations

    @usableFromInline
    init(_ value: Value, by operations: HashOperations) {
        self.value = value
        self.operations = operations
    }

    @inlinable
    init(_ value: Value) { self.init(value, by: HashOperations(of: Value.self)) }

    @usableFromInline
    func holds(for value: Value) -> Bool { value == self.value }

    @usableFromInline
    func source(key: String, negated: Bool) -> String {
        "\(key) \(negated ? "!=" : "==") \(swiftSource(of: value))"
    }

    @usableFromInline var indexForm: IndexForm {
        IndexForm(.values(MemberForm(CollectionOfOne(value), by: operations)))
    }

    @usableFromInline var defect: FilterDefect? { value == value ? nil : .notANumber }

    @usableFromInline var identity: AnyHashable { AnyHashable(value) }

    @usableFromInline var respectsEquality: Bool { true }

    @usableFromInline var candidates: [Value]? { [value] }
}
