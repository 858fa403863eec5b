/// Decides how often a handler, or a block of handlers, may start.
///
/// A claim is taken before a start and settled after it, so that a start that did not take place can be given back.
protocol FireLimit: AnyObject, Sendable {
    /// Takes a start for an event, if one is left; atomic, so that no two callers get the same one.
    func claim(for event: EventReference) -> Bool

    /// Whether a claim for an event would get a start now. Takes none.
    func hasStart(for event: EventReference) -> Bool

    /// Settles a claim. Returns whether the limit is used up by it.
    func settle(_ end: ClaimEnd, for event: EventReference) -> Bool

    /// Whether no start can be claimed any more, ever: none is left, and none can be given back.
    var isUsedUp: Bool { get }

    /// How many starts are left; nil where that depends on the event.
    var remaining: Int? { get }

    /// How many values a limit per key has forgotten; nil for other limits.
    var forgottenKeys: Int? { get }

    /// Whether the event makes a difference.
    var readsEvent: Bool { get }
}

extension FireLimit {
    var forgottenKeys: Int? { nil }
    var readsEvent: Bool { false }
}

/// What became of a claim.
enum ClaimEnd {
    /// The handler did not start.
    case notStarted
    /// It started and did not succeed.
    case failed
    case succeeded
}
