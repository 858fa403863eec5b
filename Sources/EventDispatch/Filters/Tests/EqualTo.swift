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
    func write(to source: inout SourceText, key: String, negated: Bool) {
        source.append(key, negated ? "!=" : "==", value)
    }

    @usableFromInline var indexForm: IndexForm {
        IndexForm(.values(MemberForm(CollectionOfOne(value), by: operations.make())))
    }

    @usableFromInline var defect: FilterDefect? { value == value ? nil : .notANumber }

    @usableFromInline func isInterchangeable(with other: Self) -> Bool { areSame(value, other.value) }

    @usableFromInline var identity: AnyHashable { AnyHashable(Compared(value)) }

    @usableFromInline var respectsEquality: Bool { true }

    @usableFromInline var candidates: [Value]? { [value] }
}
