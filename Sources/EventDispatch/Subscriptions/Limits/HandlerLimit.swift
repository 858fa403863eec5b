import Synchronization

/// Decides how often a handler, or a block of handlers, may start.
///
/// A claim is taken before a start and settled after it, so that a start that did not take place can be given back.
protocol HandlerLimit: AnyObject, Sendable {
    /// Takes a start for an event, if one is left; atomic, so that no two callers get the same one.
    func claim(_ id: ClaimID, for event: EventReference) -> Bool

    /// Whether a claim for an event would get a start now. Takes none.
    func hasStart(for event: EventReference) -> Bool

    /// Whether the limit is to be told when a claim starts, and tells claims apart.
    var notesStarts: Bool { get }

    /// Whether a claim that has waited may still start; if so, it counts as started from now on.
    func beginStart(_ id: ClaimID, for event: EventReference) -> Bool

    /// Notes that the handler starts for an event whose start was claimed, which may be later than the claim.
    func noteStart(_ id: ClaimID, for event: EventReference)

    /// Settles a claim. Returns whether the limit is used up by it.
    func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool

    /// Whether no start can be claimed any more, ever: none is left, and none can be given back.
    var isUsedUp: Bool { get }

    /// How many starts are left; nil where that depends on the event.
    var remaining: Int? { get }

    /// How many values of a key it has forgotten; nil without a key.
    var forgottenKeys: Int? { get }

    /// Whether the event makes a difference.
    var readsEvent: Bool { get }

    /// Whether it refuses events that are like another, rather than too many.
    var refusesDuplicates: Bool { get }
}

extension HandlerLimit {
    var forgottenKeys: Int? { nil }
    var readsEvent: Bool { false }
    var refusesDuplicates: Bool { false }
    var notesStarts: Bool { false }
    func beginStart(_ id: ClaimID, for event: EventReference) -> Bool { true }
    func noteStart(_ id: ClaimID, for event: EventReference) {}
}

/// Which claim it is, for limits that have to tell their claims apart: those that are told of starts.
struct ClaimID: Hashable, Sendable {
    private let number: UInt64

    /// A claim on limits that take all claims for the same.
    static let any = ClaimID(number: 0)

    /// Another claim than all before.
    static func next() -> ClaimID {
        ClaimID(number: lastClaim.wrappingAdd(1, ordering: .relaxed).newValue)
    }
}

private let lastClaim = Atomic<UInt64>(0)

/// The end of a claim.
enum ClaimEnd {
    /// The handler did not start.
    case notStarted
    /// It started and did not succeed.
    case failed
    case succeeded
}

/// At most a number of starts; each counts, however it ends.
final class StartLimit: HandlerLimit {
    private struct State {
        var left: Int
        /// Claims that are not settled.
        var claimed = 0

        var isUsedUp: Bool { left == 0 && claimed == 0 }
    }

    private let state: Locked<State>

    init(_ count: Int) { state = Locked(State(left: count)) }

    func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        state.withLock { state in
            guard state.left > 0 else { return false }
            state.left -= 1
            state.claimed += 1
            return true
        }
    }

    func hasStart(for event: EventReference) -> Bool { state.withLock { $0.left > 0 } }

    func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        state.withLock { state in
            state.claimed -= 1
            if case .notStarted = end { state.left += 1 }
            return state.isUsedUp
        }
    }

    var isUsedUp: Bool { state.withLock { $0.isUsedUp } }

    var remaining: Int? { state.withLock { $0.left } }
}

/// At most a number of successes. A start that fails is given back; while all are in flight, no other can be claimed.
final class SuccessLimit: HandlerLimit {
    private struct State {
        /// Starts that are neither in flight nor have succeeded.
        var left: Int
        var successesLeft: Int
    }

    private let state: Locked<State>

    init(_ count: Int) { state = Locked(State(left: count, successesLeft: count)) }

    func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        state.withLock { state in
            guard state.left > 0 else { return false }
            state.left -= 1
            return true
        }
    }

    func hasStart(for event: EventReference) -> Bool { state.withLock { $0.left > 0 } }

    func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        state.withLock { state in
            if case .succeeded = end { state.successesLeft -= 1 } else { state.left += 1 }
            return state.successesLeft == 0
        }
    }

    var isUsedUp: Bool { state.withLock { $0.successesLeft == 0 } }

    var remaining: Int? { state.withLock { $0.successesLeft } }
}
