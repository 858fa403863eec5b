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
    func write(to output: inout PrintedText, key: String, negated: Bool) {
        output.append(key, negated ? "!=" : "==", value)
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

/// `\.key === object`; the value is a class, or an optional one
struct IdenticalTo<Value>: ValueTest, Sendable {
    private let object: any AnyObject & Sendable

    init(_ object: any AnyObject & Sendable) { self.object = object }

    func holds(for value: Value) -> Bool { value as AnyObject? === object }

    func write(to output: inout PrintedText, key: String, negated: Bool) {
        output.append("\(key) \(negated ? "!==" : "===") \(type(of: object))")
    }

    var indexForm: IndexForm {
        guard let value = object as? Value else { return .none }
        return IndexForm(.object(MemberForm(CollectionOfOne(value), by: .ofReferences(Value.self))))
    }

    func isInterchangeable(with other: Self) -> Bool { object === other.object }

    var identity: AnyHashable { ObjectIdentifier(object) }

    func isDisjoint(from other: Self) -> Bool { object !== other.object }
}

/// `\.key` in a set
@usableFromInline
struct OneOf<Value: Hashable>: ValueTest {
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
    @usableFromInline func holds(for value: Value) -> Bool { values.contains(value) }

    /// The most members that are sorted where not all may be shown: to sort them, all have to be asked what they are called.
    private static var mostSorted: Int { 64 }

    /// Writes the test as Swift source.
    @usableFromInline func write(to output: inout PrintedText, key: String, negated: Bool) {
        output.append("\(key) \(negated ? "not in" : "in") [")
        let room = output.room
        if room < .max && values.count > Self.mostSorted {
            output.append(values) { $1.append(value: $0) }
        } else {
            let members = values.map { value in EventDispatch.printed(atMost: room) { $0.append(value: value) } }
            output.append(members.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })) { $1.append($0) }
        }
        output.append("]")
    }

    /// By each of the values.
    @usableFromInline var indexForm: IndexForm { IndexForm(.values(MemberForm(values, by: operations.make()))) }

    /// Whether it holds a value that does not equal itself.
    @usableFromInline var defect: FilterDefect? {
        values.allSatisfy { $0 == $0 } ? nil : .notANumber
    }

    /// Whether both hold the very same members, not only equal ones.
    @usableFromInline func isInterchangeable(with other: Self) -> Bool {
        guard values.count == other.values.count, values.count <= Self.mostCompared else { return false }
        return values.allSatisfy { value in
            other.values.firstIndex(of: value).map { areSame(value, other.values[$0]) } ?? false
        }
    }

    /// The most members that are compared to find out whether two tests are the same.
    private static var mostCompared: Int { 16 }

    /// Whether it is empty.
    @usableFromInline var isImpossible: Bool { values.isEmpty }

    /// It compares by `==`.
    @usableFromInline var respectsEquality: Bool { true }

    /// The members.
    @usableFromInline var identity: AnyHashable { AnyHashable(Compared(values)) }

    /// The members.
    @usableFromInline var candidates: [Value]? { Array(values) }
}

extension OneOf: Sendable where Value: Sendable {}

/// `\.key`, an optional, is nil
struct IsNil<Wrapped>: ValueTest, Sendable {
    func holds(for value: Wrapped?) -> Bool { value == nil }

    func write(to output: inout PrintedText, key: String, negated: Bool) {
        output.append("\(key) \(negated ? "!=" : "==") nil")
    }

    var indexForm: IndexForm { IndexForm(.isNil) }

    var identity: AnyHashable { true }

    var respectsEquality: Bool { true }

    var candidates: [Wrapped?]? { [nil] }
}
