/// `\.key === object`; the value is a class, or an optional one
struct IdenticalTo<Value>: ValueTest, Sendable {
    private let object: any AnyObject & Sendable

    init(_ object: any AnyObject & Sendable) { self.object = object }

    func holds(for value: Value) -> Bool { value as AnyObject? === object }

    func write(to source: inout SourceText, key: String, negated: Bool) {
        source.append("\(key) \(negated ? "!==" : "===") \(type(of: object))")
    }

    var indexForm: IndexForm {
        guard let value = object as? Value else { return .none }
        return IndexForm(.object(MemberForm(CollectionOfOne(value), by: .ofReferences(Value.self))))
    }

    func isInterchangeable(with other: Self) -> Bool { object === other.object }

    var identity: AnyHashable { ObjectIdentifier(object) }

    func isDisjoint(from other: Self) -> Bool { object !== other.object }
}
