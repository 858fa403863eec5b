import Synchronization

/// Whether a handler has started or may not start any more, whichever is decided first.
final class StartDecision: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case open, started, prevented
    }

    private let state = Atomic(State.open)
    private let onStart: (@Sendable () -> Void)?

    /// - Parameter onStart: called when the handler starts.
    init(onStart: (@Sendable () -> Void)? = nil) { self.onStart = onStart }

    /// Notes that the handler starts; false when it may not.
    func start() -> Bool {
        guard decide(.started) else { return false }
        onStart?()
        return true
    }

    /// Keeps the handler from starting; false when it has started.
    func prevent() -> Bool { decide(.prevented) }

    private func decide(_ decision: State) -> Bool {
        state.compareExchange(expected: .open, desired: decision, ordering: .acquiringAndReleasing).exchanged
    }
}

/// Why a handler that an event matched does not start.
@usableFromInline
enum Refusal: Sendable {
    /// Its subscription was cancelled, or all that its owner has.
    case unsubscribed
    /// Its subscription was muted.
    case muted
    /// Its owner is gone.
    case ownerGone
    /// A handler stopped the fire.
    case fireStopped
    /// A handler of an earlier phase failed, and that phase is a gate.
    case gateFailed
    /// The operation that the event was fired around threw.
    case operationFailed
    /// A handler of the same phase failed, in a `.failFast` block.
    case failedFast
    /// Another event came while it waited whether one would.
    case superseded
    /// While it waited, it came to be like the event of the last start.
    case duplicate
    /// It starts itself again and again, and its dispatcher stops.
    case stopping
    /// The firing task was cancelled.
    case cancelled
    /// Its time was up before its actor had time for it.
    case timedOut
    /// It is being called with a kept event, and is called with this one, or a later one, after that.
    case replaying
}

/// The part of a registered handler that a start permit needs.
@usableFromInline
class Refusable {
    init() {}

    /// Why the handler must not start; nil when it may.
    var refusal: Refusal? { nil }
}

/// Checked on arrival at the actor: may the handler still start?
@usableFromInline
struct StartPermit: @unchecked Sendable {
    // Sound: the run of the handler, which asks, keeps both alive.
    private let handler: Unmanaged<Refusable>
    /// Nil for a handler whose start nobody is interested in.
    private let decision: Unmanaged<StartDecision>?

    init(of handler: Refusable, _ decision: StartDecision? = nil) {
        self.handler = .passUnretained(handler)
        self.decision = decision.map { .passUnretained($0) }
    }

    /// Why the handler must not start; nil when it may, and has started with that.
    @usableFromInline
    var refusal: Refusal? {
        if let refusal = handler._withUnsafeGuaranteedRef({ $0.refusal }) { return refusal }
        if Task.isCancelled { return .cancelled }
        let hasStarted = decision?._withUnsafeGuaranteedRef { $0.start() } ?? true
        return hasStarted ? nil : .cancelled
    }
}

/// A muting that begins or ends.
enum MuteChange: Sendable {
    case begin, end
}
