import Synchronization

/// At most a number of starts for each value of a key. Past its capacity it forgets the value that was used least recently.
///
/// The table hashes and compares values, which is users' code, under a lock. A thread that comes back to the same limit
/// from there gets no start, instead of locking twice; forgotten values are freed outside the lock.
///
/// It is not generic: code that is not specialised asks the runtime for the types of its tables at every step, which takes a lock
/// of the runtime's. With eight threads at it, that was six tenths of all the time.
final class KeyLimit: FireLimit {
    private let key: KeySource
    private let operations: HashOperations
    private let count: Int
    private let lock = ReentryLock()
    /// Touched under the lock only.
    private nonisolated(unsafe) var startsLeft: RecentValues<KeyValue, Int>
    private let forgotten = Atomic(0)

    init(_ count: Int, per key: KeySource, by operations: HashOperations, capacity: Int) {
        self.count = count
        self.key = key
        self.operations = operations
        startsLeft = RecentValues(capacity: capacity)
    }

    func claim(for event: EventReference) -> Bool {
        let claim = withStartsLeft(of: event) { startsLeft, value in
            startsLeft.update(value, keptAs: { value.kept(key.layout) }, default: count) { left in
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
        withStartsLeft(of: event) { $0.value(of: $1) ?? count > 0 } ?? false
    }

    /// A value that was forgotten meanwhile has its full number of starts again, and gets none back.
    func settle(_ end: ClaimEnd, for event: EventReference) -> Bool {
        if case .notStarted = end {
            _ = withStartsLeft(of: event) { $0.updateKnown($1) { $0 = min($0 + 1, count) } }
        }
        return false
    }

    var isUsedUp: Bool { false }

    var remaining: Int? { nil }

    var readsEvent: Bool { true }

    var forgottenKeys: Int? { forgotten.load(ordering: .relaxed) }

    /// Calls a closure under the lock, with the event's value; nil for a thread that is there already.
    private func withStartsLeft<Result>(
        of event: EventReference,
        _ body: (inout RecentValues<KeyValue, Int>, KeyValue) -> Result
    ) -> Result? {
        key.withValue(of: event) { value in
            lock.withLock { body(&startsLeft, KeyValue(at: value, operations)) }
        }
    }
}
