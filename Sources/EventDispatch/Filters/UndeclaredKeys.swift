// The compiler falls back on these when the key path of an operator names no match key. Nothing can call them,
// because nothing conforms to `DeclaredInMatchKeys`; that is what the compiler then says, at the operator. Without them it
// falls back on the standard library's operators, and says that it can't infer a key path.
//
// Among declarations that do not fit, the compiler takes the one that needs the least repair, and a type that does not
// conform counts as often as the signature mentions it. That is what the tuples are for. Twice is as much as a value of the
// wrong type needs; at a tie the overloads that are not disfavoured win, and so those mistakes keep their own messages. The
// standard library's operators need a little more. None of this is promised by the language: Tests/CompileFailures holds what
// each mistake is reported as.

/// Any key path, in a signature that mentions the key twice.
@_documentation(visibility: internal)
public typealias UndeclaredKeyPath<Event: MatchableEvent, Key> = KeyPath<
    AnyMatchKeyPath<(UndeclaredMatchKey<Event>, UndeclaredMatchKey<Event>)>, AnyMatchKeyPath<(Key, Key)>
>

/// Any key path, in a signature that mentions the key once, and once more in the type of the value.
@_documentation(visibility: internal)
public typealias UndeclaredOrderedKeyPath<Event: MatchableEvent, Key> = KeyPath<
    AnyMatchKeyPath<UndeclaredMatchKey<Event>>, AnyMatchKeyPath<Key>
>

/// Any key path, in a signature that mentions the key three times: as a condition by itself, `Where(\.isAdmin)`, it competes with
/// conversions to a filter, which need as much repair.
@_documentation(visibility: internal)
public typealias UndeclaredFlagPath<Event: MatchableEvent, Key> = KeyPath<
    AnyMatchKeyPath<(UndeclaredMatchKey<Event>, UndeclaredMatchKey<Event>, UndeclaredMatchKey<Event>)>,
    AnyMatchKeyPath<(Key, Key, Key)>
>

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func == <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    key: UndeclaredKeyPath<Event, Key>,
    value: Any?
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func != <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    key: UndeclaredKeyPath<Event, Key>,
    value: Any?
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func === <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    key: UndeclaredKeyPath<Event, Key>,
    value: Any?
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func < <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    key: UndeclaredOrderedKeyPath<Event, Key>,
    value: Key.Operand
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func <= <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    key: UndeclaredOrderedKeyPath<Event, Key>,
    value: Key.Operand
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func > <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    key: UndeclaredOrderedKeyPath<Event, Key>,
    value: Key.Operand
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func >= <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    key: UndeclaredOrderedKeyPath<Event, Key>,
    value: Key.Operand
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public prefix func ! <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    key: UndeclaredKeyPath<Event, Key>
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func && <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    left: UndeclaredKeyPath<Event, Key>,
    right: Filter<Event>
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func && <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    left: Filter<Event>,
    right: UndeclaredKeyPath<Event, Key>
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func || <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    left: UndeclaredKeyPath<Event, Key>,
    right: Filter<Event>
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func || <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    left: Filter<Event>,
    right: UndeclaredKeyPath<Event, Key>
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func && <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    left: UndeclaredKeyPath<Event, Key>,
    right: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func && <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    left: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>,
    right: UndeclaredKeyPath<Event, Key>
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func || <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    left: UndeclaredKeyPath<Event, Key>,
    right: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>
) -> Filter<Event> {
    Filter(.any([]))
}

/// Refuses a key that the event does not declare.
@_documentation(visibility: internal)
@_disfavoredOverload
public func || <Event: MatchableEvent, Key: DeclaredInMatchKeys>(
    left: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>,
    right: UndeclaredKeyPath<Event, Key>
) -> Filter<Event> {
    Filter(.any([]))
}

/// A root of key paths on which every name exists, for the operators that refuse the names that an event does not declare.
///
/// Nothing makes one. `Mentions` is a tuple that repeats a type, which weighs it in the compiler's choice of a message.
@_documentation(visibility: internal)
@dynamicMemberLookup
public struct AnyMatchKeyPath<Mentions> {
    private init() {}

    /// Takes any name.
    public subscript(dynamicMember name: String) -> Self { self }
}

/// The second half of the compiler's message. Nothing conforms, ``UndeclaredMatchKey`` least of all.
@_documentation(visibility: internal)
public protocol DeclaredInMatchKeys {
    /// What an order would compare the key with. With a type of its own, even `.admin` needs no repair.
    associatedtype Operand
}

/// Stands, in the compiler's message for a filter that does not compile, for a name that isn't a match key of the event.
@_documentation(visibility: internal)
public enum UndeclaredMatchKey<Event: MatchableEvent> {}
