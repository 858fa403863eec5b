/// What a fire did: how many handlers matched and succeeded, what became of the others, and the replies.
///
/// It retains no handler.
public struct DispatchReport<Event: MatchableEvent>: AnyDispatchReport {
    /// How many handlers the event matched. A handler whose limit another event used up meanwhile is no match.
    public internal(set) var matched = 0
    /// How many of them returned without throwing.
    public internal(set) var succeeded = 0
    /// What became of the handlers that did not succeed, in dispatch order; of all, with `detail: .all`.
    public internal(set) var outcomes: [HandlerOutcome] = []
    /// What the handlers that succeeded returned, in dispatch order; empty where the event's `Reply` is `Void`.
    public internal(set) var replies: [Event.Reply] = []
    /// How long the fire took; nil unless it was asked for `detail: .all`.
    public internal(set) var duration: Duration?

    /// The event's name.
    public var eventName: String { Event.eventName }
}
