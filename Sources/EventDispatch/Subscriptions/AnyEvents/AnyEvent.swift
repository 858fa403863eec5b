/// An event of any type, as the handlers in an ``OnAny`` block receive it.
///
/// `base` is the event. The properties of a protocol that it conforms to can be used without it: `event.userID`.
///
/// To fire the event again, fire `base`. An `AnyEvent` that is fired reaches no handler of an ``OnAny``, whatever it wraps.
@dynamicMemberLookup
public struct AnyEvent<Base: Sendable>: MatchableEvent {
    /// All handlers of any event run in the event's own main phase.
    public enum Phases: EventPhases {
        /// The main phase of whatever event it is.
        case main
    }

    /// The event.
    public let base: Base
    private let eventType: any MatchableEvent.Type

    init(_ base: Base, _ eventType: any MatchableEvent.Type) {
        self.base = base
        self.eventType = eventType
    }

    /// The event's name.
    public var eventName: String { eventType.eventName }

    /// A property of the event.
    public subscript<Value>(dynamicMember path: KeyPath<Base, Value>) -> Value { base[keyPath: path] }

    /// The keys that filters may use.
    public struct MatchKeys: MatchKeySet {
        /// The event's name.
        public let eventName = Key(\.eventName)

        /// Makes the keys.
        public init() {}
    }

    /// How lists call it.
    public static var eventName: String { "any event" }
}

/// Types that stand for events of others, and are not received themselves by handlers of any event.
protocol StandsForOtherEvents {}

extension AnyEvent: StandsForOtherEvents {}
