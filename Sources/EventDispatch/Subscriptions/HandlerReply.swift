/// What a handler's closure returned.
@usableFromInline
enum HandlerReply: Sendable {
    /// Nothing, as handlers of events without a `Reply` do.
    case nothing
    /// A value of the event's `Reply`.
    case value(AnyReply)
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
typealias AnyReply = any AnyObject & Sendable

/// A reply with its type.
///
/// It is taken back by the type of the box. A cast of the reply itself would change nil: it sees through levels of optionality, and
/// `any Sendable` holds everything.
@usableFromInline
final class ReplyBox<Reply: Sendable>: Sendable {
    private let reply: Reply

    @usableFromInline
    init(_ reply: Reply) { self.reply = reply }

    /// The reply in a box; nil where that holds one of another type.
    static func reply(in box: AnyReply) -> Reply? { (box as? ReplyBox)?.reply }
}
