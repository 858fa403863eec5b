/// What a handler's closure returned.
@usableFromInline
enum HandlerReply: Sendable {
    /// Nothing, as handlers of events without a `Reply` do.
    case nothing
    /// A value of the event's `Reply`.
    case value(ReplyBox)
    /// It did not run, because its owner was gone.
    case ownerGone
    /// It did not run, because its subscription was cancelled on the way to its actor.
    case unsubscribed
    /// It did not run, because its subscription was muted on the way to its actor.
    case muted
    /// It did not run, because the firing task was cancelled on the way to its actor.
    case cancelled

    /// The reply of an event's handler.
    @inlinable
    init<Event: MatchableEvent>(_ reply: Event.Reply, to event: Event.Type) {
        self = Event.Reply.self == Void.self ? .nothing : .value(ReplyBox(reply))
    }
}

/// A reply, whatever its type: a reference, so that an answer without one is cheap to pass on.
@usableFromInline
final class ReplyBox: Sendable {
    let value: any Sendable

    @usableFromInline
    init(_ value: any Sendable) { self.value = value }
}
