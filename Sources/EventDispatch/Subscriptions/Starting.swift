import Synchronization

/// Whether a handler has started or may not start any more, whichever is decided first.
final class StartDecision: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case open, started, prevented
    }

    private let state = Atomic(State.open)

    /// Notes that the handler starts; false when it may not.
    func start() -> Bool { decide(.started) }

    /// Keeps the handler from starting; false when it has started.
    func prevent() -> Bool { decide(.prevented) }

    private func decide(_ decision: State) -> Bool {
        state.compareExchange(expected: .open, desired: decision, ordering: .acquiringAndReleasing).exchanged
    }
}

/// What a handler asks that was sent to its actor, when it has arrived there: whether it may still start.
@usableFromInline
struct StartPermit: @unchecked Sendable {
    // Sound: the run of the handler, which asks, keeps both alive.
    private let handler: Unmanaged<RegisteredHandler>
    /// Nil for a handler without a time-out.
    private let decision: Unmanaged<StartDecision>?

    init(of handler: RegisteredHandler, _ decision: StartDecision? = nil) {
        self.handler = .passUnretained(handler)
        self.decision = decision.map { .passUnretained($0) }
    }

    /// Why the handler must not start; nil when it may, and has started with that.
    @usableFromInline
    var refusal: HandlerReply? {
        handler._withUnsafeGuaranteedRef { handler in
            if handler.isHalted { return handler.subscription.isCancelled ? .unsubscribed : .muted }
            switch handler.ownerEnd {
            case nil: break
            case .ownerGone: return .ownerGone
            case .cancelled, .usedUp: return .unsubscribed
            }
            if Task.isCancelled { return .cancelled }
            let hasStarted = decision?._withUnsafeGuaranteedRef { $0.start() } ?? true
            return hasStarted ? nil : .cancelled
        }
    }
}

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
