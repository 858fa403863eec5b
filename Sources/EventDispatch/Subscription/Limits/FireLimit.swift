/// Decides how often a handler, or a block of handlers, may start.
protocol FireLimit: AnyObject, Sendable {
    /// Takes a start for an event, if one is left; atomic, so that no two callers get the same one.
    func claim(for event: EventReference) -> Bool

    /// Gives back a start that was claimed and did not take place.
    func giveBack(for event: EventReference)

    /// Notes how a start ended. Returns whether that used the limit up.
    func settle(succeeded: Bool) -> Bool

    /// Whether no start can be claimed any more, ever.
    var isUsedUp: Bool { get }

    /// How many starts are left; nil where that depends on the event.
    var remaining: Int? { get }

    /// How many values a limit per key has forgotten; nil for other limits.
    var forgottenKeys: Int? { get }
}

extension FireLimit {
    var forgottenKeys: Int? { nil }
}
