import Synchronization

/// Decides how often a handler, or a block of handlers, may start.
///
/// A claim is taken before a start and settled after it, so that a start that did not take place can be given back.
///
/// A class rather than a protocol, so that a fire can ask it without counting a reference, which all threads would write.
class HandlerLimit: @unchecked Sendable {
    // Sound: it has no state; what inherits from it keeps its own under locks.

    /// Takes a start for an event, if one is left; atomic, so that no two callers get the same one.
    func claim(_ id: ClaimID, for event: EventReference) -> Bool { preconditionFailure("every limit has claims") }

    /// Whether a claim for an event would get a start now. Takes none.
    func hasStart(for event: EventReference) -> Bool { preconditionFailure("every limit knows its starts") }

    /// Whether the limit is to be told when a claim starts, and tells claims apart.
    var notesStarts: Bool { false }

    /// Whether a claim that has waited may still start; if so, it counts as started from now on.
    func beginStart(_ id: ClaimID, for event: EventReference) -> Bool { true }

    /// Notes that the handler starts for an event whose start was claimed, which may be later than the claim.
    func noteStart(_ id: ClaimID, for event: EventReference) {}

    /// Settles a claim. Returns whether the limit is used up by it.
    func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        preconditionFailure("every limit settles claims")
    }

    /// Whether no start can be claimed any more, ever: none is left, and none can be given back.
    var isUsedUp: Bool { false }

    /// How many starts are left; nil where that depends on the event.
    var remaining: Int? { nil }

    /// How many values of a key it has forgotten; nil without a key.
    var forgottenKeys: Int? { nil }

    /// Whether the event makes a difference.
    var readsEvent: Bool { false }

    /// Whether it refuses events that are like another, rather than too many.
    var refusesDuplicates: Bool { false }
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
final class StartLimit: HandlerLimit, @unchecked Sendable {
    private struct State {
        var left: Int
        /// Claims that are not settled.
        var claimed = 0

        var isUsedUp: Bool { left == 0 && claimed == 0 }
    }

    private let state: Locked<State>

    init(_ count: Int) { state = Locked(State(left: count)) }

    override func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        state.withLock { state in
            guard state.left > 0 else { return false }
            state.left -= 1
            state.claimed += 1
            return true
        }
    }

    override func hasStart(for event: EventReference) -> Bool { state.withLock { $0.left > 0 } }

    override func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        state.withLock { state in
            state.claimed -= 1
            if case .notStarted = end { state.left += 1 }
            return state.isUsedUp
        }
    }

    override var isUsedUp: Bool { state.withLock { $0.isUsedUp } }

    override var remaining: Int? { state.withLock { $0.left } }
}

/// At most a number of successes. A start that fails is given back; while all are in flight, no other can be claimed.
final class SuccessLimit: HandlerLimit, @unchecked Sendable {
    private struct State {
        /// Starts that are neither in flight nor have succeeded.
        var left: Int
        var successesLeft: Int
    }

    private let state: Locked<State>

    init(_ count: Int) { state = Locked(State(left: count, successesLeft: count)) }

    override func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        state.withLock { state in
            guard state.left > 0 else { return false }
            state.left -= 1
            return true
        }
    }

    override func hasStart(for event: EventReference) -> Bool { state.withLock { $0.left > 0 } }

    override func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        state.withLock { state in
            if case .succeeded = end { state.successesLeft -= 1 } else { state.left += 1 }
            return state.successesLeft == 0
        }
    }

    override var isUsedUp: Bool { state.withLock { $0.successesLeft == 0 } }

    override var remaining: Int? { state.withLock { $0.successesLeft } }
}
