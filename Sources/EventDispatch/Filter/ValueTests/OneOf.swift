/// `\.key` in a set
public struct OneOf<Value: Hashable>: ValueTest {
    private let values: Set<Value>
    private let operations: HashOperationsMaker

    @usableFromInline
    init(_ values: Set<Value>, by operations: HashOperationsMaker) {
        self.values = values
        self.operations = operations
    }

    @inlinable
    init(_ values: Set<Value>) { self.init(values, by: HashOperationsMaker(of: Value.self)) }

    /// Whether the value is among them.
    public func holds(for value: Value) -> Bool { values.contains(value) }

    /// The test as Swift source.
    public func source(key: String, negated: Bool) -> String {
        let members = values.map { swiftSource(of: $0) }.sorted().joined(separator: ", ")
        return "\(key) \(negated ? "not in" : "in") [\(members)]"
    }

    /// By each of the values.
    public var indexForm: IndexForm { IndexForm(.values(MemberForm(values, by: operations.make()))) }

    /// Whether it holds a value that does not equal itself.
    public var defect: FilterDefect? {
        values.allSatisfy { $0 == $0 } ? nil : .notANumber
    }

    /// Whether it is empty.
    public var isImpossible: Bool { values.isEmpty }

    /// It compares by `==`.
    public var respectsEquality: Bool { true }

    /// The members.
    public var identity: AnyHashable { AnyHashable(values) }

    /// The members.
    public var candidates: [Value]? { Array(values) }
}

extension OneOf: Sendable where Value: Sendable {}
