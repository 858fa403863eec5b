/// How many events an ``EventSequence`` keeps that nobody has taken yet, and which give way when there are more.
///
/// What gives way is counted: ``EventSequence/dropped``.
public enum EventBuffering: Hashable, Sendable {
    /// At most so many; the oldest give way. A capacity below 1 counts as 1.
    case newest(Int)
    /// At most so many; those that come when there is no room give way. A capacity below 1 counts as 1.
    case oldest(Int)
    /// All: the sequence takes as much memory as it falls behind.
    case unbounded
}
