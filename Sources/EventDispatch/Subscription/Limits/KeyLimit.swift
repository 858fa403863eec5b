import CEventDispatch
import Synchronization

/// At most a number of starts for each value of a key. Past its capacity it forgets the value that was used least recently.
///
/// The table hashes and compares values, which is users' code, under a lock. A thread that comes back to the same limit
/// from there gets no start, instead of locking twice; forgotten values are freed outside the lock.
final class KeyLimit<Event: MatchableEvent, Value: Hashable & Sendable>: FireLimit {
    private let reader: MatchKeyReader<Event, Value>
    private let count: Int
    private let startsLeft: Mutex<RecentValues<Value, Int>>
    private let forgotten = Atomic(0)
    /// The thread that is in the locked section, by the address of a variable of its own.
    private let holder = Atomic<UInt>(0)

    init(_ count: Int, per key: MatchKey<Event, Value>, capacity: Int) {
        self.count = count
        reader = MatchKeyReader(key)
        startsLeft = Mutex(RecentValues(capacity: capacity))
    }

    func claim(for event: EventReference) -> Bool {
        let value = reader.value(of: event.event(as: Event.self))
        let claim = withStartsLeft { startsLeft in
            startsLeft.update(value, default: count) { left in
                guard left > 0 else { return false }
                left -= 1
                return true
            }
        }
        guard let (isGranted, forgottenValue) = claim else { return false }
        if forgottenValue != nil { forgotten.add(1, ordering: .relaxed) }
        return isGranted
    }

    /// A thread that comes from the limit's own `==` or `hash` is told what it would get there: none.
    func hasStart(for event: EventReference) -> Bool {
        let value = reader.value(of: event.event(as: Event.self))
        return withStartsLeft { $0.value(of: value) ?? count > 0 } ?? false
    }

    /// A value that was forgotten meanwhile has its full number of starts again, and gets none back.
    func settle(_ end: ClaimEnd, for event: EventReference) -> Bool {
        if case .notStarted = end {
            let value = reader.value(of: event.event(as: Event.self))
            _ = withStartsLeft { $0.updateKnown(value) { $0 = min($0 + 1, count) } }
        }
        return false
    }

    var isUsedUp: Bool { false }

    var remaining: Int? { nil }

    var readsEvent: Bool { true }

    var forgottenKeys: Int? { forgotten.load(ordering: .relaxed) }

    /// Calls a closure under the lock; nil for a thread that is there already.
    private func withStartsLeft<Result: Sendable>(
        _ body: (inout RecentValues<Value, Int>) -> Result
    ) -> Result? {
        let thread = UInt(bitPattern: ed_thread_identity())
        guard holder.load(ordering: .relaxed) != thread else { return nil }
        return startsLeft.withLock { startsLeft in
            holder.store(thread, ordering: .relaxed)
            defer { holder.store(0, ordering: .relaxed) }
            return body(&startsLeft)
        }
    }
}
