/// A value that can be fired, and that says what it may be matched on.
///
/// Conform a structure, an enumeration, a final class or an actor. All requirements have defaults; an event that is only
/// ever matched by its type is one line:
///
/// ```swift
/// struct CacheCleared: MatchableEvent {}
/// ```
///
/// An event that handlers can filter names its match keys:
///
/// ```swift
/// struct UserCreated: MatchableEvent {
///     let name: String
///     let logins: Int
///
///     struct MatchKeys: MatchKeySet {
///         let name = Key(\.name)
///         let logins = Key(\.logins)
///     }
/// }
/// ```
///
/// Events are read by handlers on any thread, hence `Sendable`. A dispatcher keeps no event after its fire has ended.
public protocol MatchableEvent: Sendable {
    /// The properties that filters may use. Nothing else can be filtered on: a filter on another property does not
    /// compile.
    associatedtype MatchKeys: MatchKeySet = NoMatchKeys

    /// The phases that this event's handlers run in, one after the other.
    associatedtype Phases: EventPhases = StandardPhases

    /// The type that each handler returns, collected in ``DispatchReport/replies``.
    associatedtype Reply: Sendable = Void

    /// The event's name in listings and reports; `Module.Type` unless the type sets it.
    static var eventName: String { get }
}

extension MatchableEvent {
    /// A match key of this event: within `MatchKeys`, `Key(\.name)` needs neither root nor type.
    ///
    /// An event with a generic parameter of its own called `Key` writes ``MatchKey`` in full.
    public typealias Key<Value> = MatchKey<Self, Value>

    /// `Module.Type`, with enclosing types and generic arguments.
    public static var eventName: String { qualifiedName(of: Self.self) }
}

/// The match keys of an event that declares none.
@dynamicMemberLookup
public struct NoMatchKeys: MatchKeySet {
    /// Makes the empty set of keys.
    public init() {}

    /// Refuses a filter on an event that declares no keys. The compiler says what the event would have to do.
    @_documentation(visibility: internal)
    public subscript<Event: EventThatDeclaresMatchKeys, Value>(
        dynamicMember property: KeyPath<Event, Value>
    ) -> MatchKey<Event, Value> {
        preconditionFailure("nothing conforms to EventThatDeclaresMatchKeys")
    }
}

/// Stands, in the compiler's message for a filter on an event without `MatchKeys`, for what the event has to do: declare them, with a key
/// for each property that filters may use. Nothing conforms.
@_documentation(visibility: internal)
public protocol EventThatDeclaresMatchKeys: MatchableEvent {}
