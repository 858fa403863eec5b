/// A root of key paths on which every name exists, for the operators that refuse the names that an event does not declare.
///
/// Nothing makes one. `Mentions` is a tuple that repeats a type, which weighs it in the compiler's choice of a message.
@dynamicMemberLookup
public struct AnyMatchKeyPath<Mentions> {
    private init() {}

    /// Takes any name.
    public subscript(dynamicMember name: String) -> Self { self }
}
