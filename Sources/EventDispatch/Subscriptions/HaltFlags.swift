import Synchronization

/// What keeps handlers from starting, in one number, so that a fire that finds 0 need not ask further.
struct HaltFlags: ~Copyable, Sendable {
    private static let cancelled: Int32 = 1
    private static let replaced: Int32 = 2
    private static let muting: Int32 = 4

    private let flags = Atomic<Int32>(0)

    @inline(__always)
    private var now: Int32 { flags.load(ordering: .sequentiallyConsistent) }

    /// Whether nothing at all is noted.
    @inline(__always)
    var isEmpty: Bool { now == 0 }

    /// Whether the handlers must not start, whoever matched them when: they are cancelled or muted.
    @inline(__always)
    var isHalted: Bool { now & ~Self.replaced != 0 }

    var isCancelled: Bool { now & Self.cancelled != 0 }

    /// Whether it is over for good: cancelled, or replaced.
    var isOver: Bool { now & (Self.cancelled | Self.replaced) != 0 }

    var isMuted: Bool { now >= Self.muting }

    func cancel() { flags.bitwiseOr(Self.cancelled, ordering: .sequentiallyConsistent) }

    func replace() { flags.bitwiseOr(Self.replaced, ordering: .sequentiallyConsistent) }

    /// Notes that a muting begins or ends. Mutings nest, so they are counted.
    func mute(_ change: MuteChange) {
        flags.add(change == .begin ? Self.muting : -Self.muting, ordering: .sequentiallyConsistent)
    }
}
