import Synchronization

/// At most a number of starts for each value of a key. Past its capacity it forgets the value that was used least recently.
///
/// The table hashes and compares values, which is users' code, under a lock. A thread that comes back to the same limit
/// from there gets no start, instead of locking twice; forgotten values are freed outside the lock.
///
/// It is not generic: code that is not specialised asks the runtime for the types of its tables at every step, which takes a lock
/// of the runtime's. With eight threads at it, that was six tenths of all the time.
final class KeyLimit: HandlerLimit {
    private let key: KeyReader
    private let operations: HashOperations
    private let count: Int
    private let lock = ReentryLock()
    /// Touched under the lock only.
    private nonisolated(unsafe) var startsLeft: RecentValues<KeyValue, Int>
    private let forgotten = Atomic(0)

    init(_ count: Int, per key: KeyReader, by operations: HashOperations, capacity: Int) {
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
        guard let (isGranted, forgottenEntry) = claim else { return false }
        if forgottenEntry != nil { forgotten.add(1, ordering: .relaxed) }
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

/// A value of a key, whatever its type, with the type's own `hash` and `==`.
struct KeyValue: Hashable, @unchecked Sendable {
    // Sound: the value is only read, and keys of limits are `Sendable`.

    private let value: UnsafeRawPointer
    private let operations: HashOperations
    /// The copy of the value; nil where somebody else keeps it.
    private let owner: OwnedValue?

    /// A value that somebody keeps meanwhile.
    init(at value: UnsafeRawPointer, _ operations: HashOperations) {
        self.value = value
        self.operations = operations
        owner = nil
    }

    private init(_ owner: OwnedValue, _ operations: HashOperations) {
        value = UnsafeRawPointer(owner.memory)
        self.operations = operations
        self.owner = owner
    }

    /// The same value, kept by a copy.
    func kept(_ layout: ValueLayout) -> KeyValue { KeyValue(OwnedValue(copying: value, layout), operations) }

    static func == (left: Self, right: Self) -> Bool { left.operations.equals(left.value, right.value) }

    func hash(into hasher: inout Hasher) { hasher.combine(operations.hash(value)) }
}

/// A copy of a value, whatever its type.
private final class OwnedValue {
    let memory: UnsafeMutableRawPointer
    private let layout: ValueLayout

    init(copying value: UnsafeRawPointer, _ layout: ValueLayout) {
        self.layout = layout
        memory = layout.allocate()
        layout.initialize(memory, from: value)
    }

    deinit {
        layout.destroy(memory)
        memory.deallocate()
    }
}

/// A table of limited size that forgets the key that was used least recently. Every operation takes constant time.
///
/// Not a `Dictionary`, which traps where `==` contradicts itself: keys are users' values. What is forgotten is found by its place.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// An entry, linked to the ones that were used before and after it, and to the next with the same hash.
    private struct Entry: Sendable {
        var key: Key
        var value: Value
        var hash: Int
        var nextOfHash: Int?
        var older: Int?
        var newer: Int?
    }

    private let capacity: Int
    /// The first entry of each hash.
    private var positions: [Int: Int] = [:]
    private var entries: [Entry] = []
    private var oldest: Int?
    private var newest: Int?

    init(capacity: Int) { self.capacity = capacity }

    /// Changes the value of a key, and returns what the change returned and the entry that was forgotten for it. A key that is new
    /// is kept as another that equals it; one that does not equal itself is not kept.
    mutating func update<Result>(
        _ key: Key,
        keptAs kept: () -> Key,
        default initial: Value,
        _ change: (inout Value) -> Result
    ) -> (Result, forgotten: (key: Key, value: Value)?) {
        let hash = key.hashValue
        if let position = position(of: key, hash) {
            if position != newest {
                unlink(position)
                linkAsNewest(position)
            }
            return (change(&entries[position].value), nil)
        }
        guard key == key else {
            var value = initial
            return (change(&value), nil)
        }
        let new = Entry(key: kept(), value: initial, hash: hash)
        var forgotten: (key: Key, value: Value)?
        var position = entries.count
        if position == capacity, let oldest {
            position = oldest
            forgotten = (entries[position].key, entries[position].value)
            unlinkOfHash(position)
            unlink(position)
            entries[position] = new
        } else {
            entries.append(new)
        }
        // Only now, because the one that was forgotten may have been the first of the same hash.
        entries[position].nextOfHash = positions[hash]
        positions[hash] = position
        linkAsNewest(position)
        return (change(&entries[position].value), forgotten)
    }

    /// Changes the value of a key that is not forgotten.
    mutating func updateKnown(_ key: Key, _ change: (inout Value) -> Void) {
        if let position = position(of: key, key.hashValue) { change(&entries[position].value) }
    }

    /// The value of a key that is not forgotten; does not count as a use.
    func value(of key: Key) -> Value? { position(of: key, key.hashValue).map { entries[$0].value } }

    /// The values, the least recently used first.
    var values: [Value] {
        var values: [Value] = []
        var next = oldest
        while let position = next {
            values.append(entries[position].value)
            next = entries[position].newer
        }
        return values
    }

    private func position(of key: Key, _ hash: Int) -> Int? {
        var next = positions[hash]
        while let position = next {
            if entries[position].key == key { return position }
            next = entries[position].nextOfHash
        }
        return nil
    }

    private mutating func unlinkOfHash(_ position: Int) {
        let hash = entries[position].hash
        let following = entries[position].nextOfHash
        guard var previous = positions[hash], previous != position else {
            positions[hash] = following
            return
        }
        while let next = entries[previous].nextOfHash, next != position { previous = next }
        entries[previous].nextOfHash = following
    }

    private mutating func unlink(_ position: Int) {
        let (older, newer) = (entries[position].older, entries[position].newer)
        if let older { entries[older].newer = newer } else { oldest = newer }
        if let newer { entries[newer].older = older } else { newest = older }
    }

    private mutating func linkAsNewest(_ position: Int) {
        entries[position].older = newest
        entries[position].newer = nil
        if let newest { entries[newest].newer = position } else { oldest = position }
        newest = position
    }
}
