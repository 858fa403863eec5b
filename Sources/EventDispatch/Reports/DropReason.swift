/// Why a posted event was not fired.
///
/// A structure rather than an enumeration, so that later versions can add reasons.
public struct DropReason: Hashable, Sendable, CustomStringConvertible {
    /// The reason's name, as in the source.
    public let description: String

    private init(_ description: String) { self.description = description }

    /// The queue was full, and the policy refused the event.
    public static let queueFull = DropReason("queueFull")
    /// The queue was full, and the event was the oldest in it.
    public static let oldest = DropReason("oldest")
    /// The dispatcher was made with `started: false` and never started.
    public static let notStarted = DropReason("notStarted")
    /// The dispatcher is stopped or stopping.
    public static let stopped = DropReason("stopped")
    /// The dispatcher stopped, or was no longer held, before the event's turn came.
    public static let undelivered = DropReason("undelivered")
}
