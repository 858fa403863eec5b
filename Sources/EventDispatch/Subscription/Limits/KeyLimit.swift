import Synchronization

/// At most a number of starts for each value of a key. Past its capacity it forgets the value that was used least recently.
///
/// The table hashes and compares values, which is users' code, under a lock. A thread that comes back to the same limit
/// from there gets no start, instead of locking twice; forgotten values are freed outside the lock.
final class KeyLimit<Event: MatchableEvent, Value: Hashable & Sendable>: FireLimit {
    private let key: KeySource
    private let count: Int
    private let lock = ReentryLock()
    /// Touched under the lock only.
    private nonisolated(unsafe) var startsLeft: RecentValues<Value, Int>
    private let forgotten = Atomic(0)

    init(_ count: Int, per key: MatchKey<Event, Value>, capacity: Int) {
        self.count = count
        self.key = KeySource.of(key)
        startsLeft = RecentValues(capacity: capacity)
    }

    func claim(for event: EventReference) -> Bool {
        let value = value(in: event)
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
        let value = value(in: event)
        return withStartsLeft { $0.value(of: value) ?? count > 0 } ?? false
    }

    /// A value that was forgotten meanwhile has its full number of starts again, and gets none back.
    func settle(_ end: ClaimEnd, for event: EventReference) -> Bool {
        if case .notStarted = end {
            let value = value(in: event)
            _ = withStartsLeft { $0.updateKnown(value) { $0 = min($0 + 1, count) } }
        }
        return false
    }

    var isUsedUp: Bool { false }

    var remaining: Int? { nil }

    var readsEvent: Bool { true }

    var forgottenKeys: Int? { forgotten.load(ordering: .relaxed) }

    private func value(in event: EventReference) -> Value {
        key.withValue(of: event) { $0.assumingMemoryBound(to: Value.self).pointee }
    }

    /// Calls a closure under the lock; nil for a thread that is there already.
    private func withStartsLeft<Result>(_ body: (inout RecentValues<Value, Int>) -> Result) -> Result? {
        lock.withLock { body(&startsLeft) }
    }
}
