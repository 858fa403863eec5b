import CEventDispatch
import Synchronization

/// At most a number of starts for each value of a key. Past its capacity it forgets the value that was used least recently.
///
/// The table hashes and compares values, which is users' code, under a lock. A thread that comes back to the same limit
/// from there gets no start, instead of locking twice; forgotten values are freed outside the lock.
final class KeyLimit<Event: MatchableEvent, Value: Hashable & Sendable>: FireLimit {
    private struct State {
        var startsLeft: RecentValues<Value, Int>
        var forgotten = 0
    }

    private let reader: MatchKeyReader<Event, Value>
    private let count: Int
    private let state: Mutex<State>
    /// The thread that is in the locked section, by the address of a variable of its own.
    private let holder = Atomic<UInt>(0)

    init(_ count: Int, per key: MatchKey<Event, Value>, capacity: Int) {
        self.count = count
        reader = MatchKeyReader(key)
        state = Mutex(State(startsLeft: RecentValues(capacity: capacity)))
    }

    func claim(for event: EventReference) -> Bool {
        change(startsFor: event) { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        } ?? false
    }

    func giveBack(for event: EventReference) {
        _ = change(startsFor: event) { left in
            left += 1
            return true
        }
    }

    func settle(succeeded: Bool) -> Bool { false }

    var isUsedUp: Bool { false }

    var remaining: Int? { nil }

    var forgottenKeys: Int? { state.withLock { $0.forgotten } }

    /// Changes the number of starts left for the event's value; nil for a thread that is changing one already.
    private func change(startsFor event: EventReference, _ change: (inout Int) -> Bool) -> Bool? {
        let thread = UInt(bitPattern: ed_thread_identity())
        guard holder.load(ordering: .relaxed) != thread else { return nil }
        let value = reader.value(of: event.event(as: Event.self))
        let (result, forgotten) = state.withLock { state in
            holder.store(thread, ordering: .relaxed)
            defer { holder.store(0, ordering: .relaxed) }
            let (result, forgotten) = state.startsLeft.update(value, default: count, change)
            if forgotten != nil { state.forgotten += 1 }
            return (result, forgotten)
        }
        withExtendedLifetime(forgotten) {}
        return result
    }
}
