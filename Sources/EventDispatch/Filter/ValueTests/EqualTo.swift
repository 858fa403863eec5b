/// `\.key == value`
@usableFromInline
struct EqualTo<Value: Hashable & Sendable>: ValueTest, Sendable {
    private let value: Value
    private let operations: HashOperationsMaker

    @usableFromInline
    init(_ value: Value, by operations: HashOperationsMaker) {
        self.value = value
        self.operations = operations
    }

    @inlinable
    init(_ value: Value) { self.init(value, by: HashOperationsMaker(of: Value.self)) }

    @usableFromInline
    func holds(for value: Value) -> Bool { value == self.value }

    @usableFromInline
    func source(key: String, negated: Bool) -> String {
        "\(key) \(negated ? "!=" : "==") \(swiftSource(of: value))"
    }

    @usableFromInline var indexForm: IndexForm {
        IndexForm(.values(MemberForm(CollectionOfOne(value), by: operations.make())))
    }

    @usableFromInline var defect: FilterDefect? { value == value ? nil : .notANumber }

    @usableFromInline var identity: AnyHashable { AnyHashable(value) }

    @usableFromInline var respectsEquality: Bool { true }

    @usableFromInline var candidates: [Value]? { [value] }
}
