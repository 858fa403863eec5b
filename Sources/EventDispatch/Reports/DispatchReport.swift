/// What a fire did: how many handlers matched and succeeded, what became of the others, and the replies.
///
/// It retains no handler.
public struct DispatchReport<Event: MatchableEvent>: AnyDispatchReport {
    private let summary: DispatchSummary

    @usableFromInline
    init(_ summary: DispatchSummary) { self.summary = summary }

    /// How many handlers the event matched. A handler whose limit another event used up meanwhile is no match.
    public var matched: Int { summary.matched }
    /// How many of them returned without throwing.
    public var succeeded: Int { summary.succeeded }
    /// What became of the handlers that did not succeed, in dispatch order; of all, with `detail: .all`.
    public var outcomes: [HandlerOutcome] { summary.outcomes }
    /// What the handlers that succeeded returned, in dispatch order; empty where the event's `Reply` is `Void`.
    public var replies: [Event.Reply] { summary.replies.compactMap(ReplyBox<Event.Reply>.reply(in:)) }
    /// How long the fire took; nil unless it was asked for `detail: .all`.
    public var duration: Duration? { summary.duration }

    /// The event's name.
    public var eventName: String { Event.eventName }
}
