import Synchronization

/// A match key, and how its values are hashed and compared: by it, what belongs to a handler is kept for each value.
struct EventKey: Sendable {
    let reader: KeyReader
    let operations: HashOperations

    /// Calls a closure with the value of an event.
    func withValue<Result>(of event: EventReference, _ body: (KeyValue) -> Result) -> Result {
        reader.withValue(of: event) { body(KeyValue(at: $0, operations)) }
    }
}

/// A match key as a modifier names it; how its values are hashed is made once the declaration is checked.
@usableFromInline
struct EventKeyMaker: Sendable {
    let reader: KeyReader
    let operations: HashOperationsMaker

    @usableFromInline
    init<Event: MatchableEvent, Value>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        by operations: HashOperationsMaker
    ) {
        reader = KeyReader.of(MatchKey(named: key))
        self.operations = operations
    }

    func make() -> EventKey { EventKey(reader: reader, operations: operations.make()) }
}

/// A state of a handler for each value of a key; without a key, one for all events. Past its capacity it forgets the value that was
/// used least recently.
///
/// The table hashes and compares values, which is users' code, under a lock. A thread that comes back to the same states from there
/// gets none, instead of locking twice; what is forgotten is freed outside the lock.
///
/// Values have no type here: code that is not specialised asks the runtime for the types of its tables at every step, which takes a
/// lock of the runtime's. With eight threads at it, that was six tenths of all the time.
final class KeyedStates<State: Sendable>: Sendable {
    private let key: EventKey?
    private let initial: State
    private let lock = ReentryLock()
    /// Touched under the lock only.
    private nonisolated(unsafe) var states: RecentValues<KeyValue, State>
    /// The state where there is no key. Touched under the lock only.
    private nonisolated(unsafe) var only: State
    private let forgottenCount = Atomic(0)

    init(per key: EventKey?, capacity: Int = .max, _ initial: State) {
        self.key = key
        self.initial = initial
        only = initial
        states = RecentValues(capacity: capacity)
    }

    /// Whether there is a state for each value of a key.
    var isPerKey: Bool { key != nil }

    /// How many values were forgotten; nil without a key.
    var forgotten: Int? { key.map { _ in forgottenCount.load(ordering: .relaxed) } }

    /// Whether two events have one state.
    func areShared(by first: EventReference, and second: EventReference) -> Bool {
        guard let key else { return true }
        return key.withValue(of: first) { first in key.withValue(of: second) { first == $0 } }
    }

    /// Changes the state for an event, and returns what the change returned and the state that was forgotten for it; nil for a thread
    /// that is under the lock already.
    func change<Result>(
        for event: EventReference,
        _ change: (inout State) -> Result
    ) -> (result: Result, forgotten: State?)? {
        guard let key else { return lock.withLock { (change(&only), nil) } }
        return key.withValue(of: event) { value in
            let changed = lock.withLock {
                states.update(value, keptAs: { value.kept(key.reader.layout) }, default: initial, change)
            }
            guard let (result, forgotten) = changed else { return nil }
            if forgotten != nil { forgottenCount.add(1, ordering: .relaxed) }
            return (result, forgotten?.value)
        }
    }

    /// Changes the state for an event if there is one that was not forgotten.
    @discardableResult
    func changeKnown<Result>(for event: EventReference, _ change: (inout State) -> Result) -> Result? {
        guard let key else { return lock.withLock { change(&only) } }
        return key.withValue(of: event) { value in lock.withLock { states.updateKnown(value, change) } ?? nil }
    }

    /// The state for an event, which is not changed by it; nil for a thread that is under the lock already.
    func state(for event: EventReference) -> State? {
        guard let key else { return lock.withLock { only } }
        return key.withValue(of: event) { value in lock.withLock { states.value(of: value) ?? initial } }
    }

    /// Forgets the state for an event, if it satisfies a condition.
    func remove(for event: EventReference, where isSuch: (State) -> Bool) {
        guard let key else { return }
        let removed = key.withValue(of: event) { value in
            lock.withLock { states.remove(value, where: isSuch) } ?? nil
        }
        withExtendedLifetime(removed) {}
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

    /// What was in the table, to be let go of outside the lock.
    struct Forgotten: Sendable {
        let key: Key
        let value: Value
    }

    private let capacity: Int
    /// The first entry of each hash.
    private var positions: [Int: Int] = [:]
    private var entries: [Entry] = []
    private var oldest: Int?
    private var newest: Int?

    init(capacity: Int) { self.capacity = capacity }

    /// Changes the value of a key, and returns what the change returned and what was forgotten for it. A key that is new
    /// is kept as another that equals it; one that does not equal itself is not kept.
    mutating func update<Result>(
        _ key: Key,
        keptAs kept: () -> Key,
        default initial: Value,
        _ change: (inout Value) -> Result
    ) -> (Result, forgotten: Forgotten?) {
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
        var forgotten: Forgotten?
        var position = entries.count
        if position == capacity, let oldest {
            position = oldest
            forgotten = Forgotten(key: entries[position].key, value: entries[position].value)
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
    mutating func updateKnown<Result>(_ key: Key, _ change: (inout Value) -> Result) -> Result? {
        position(of: key, key.hashValue).map { change(&entries[$0].value) }
    }

    /// Takes out a key whose value satisfies a condition. The last entry takes its place.
    mutating func remove(_ key: Key, where isSuch: (Value) -> Bool) -> Forgotten? {
        guard let position = position(of: key, key.hashValue), isSuch(entries[position].value) else { return nil }
        unlinkOfHash(position)
        unlink(position)
        let removed = Forgotten(key: entries[position].key, value: entries[position].value)
        let last = entries.count - 1
        if position < last {
            let moved = entries[last]
            entries[position] = moved
            if positions[moved.hash] == last {
                positions[moved.hash] = position
            } else if var previous = positions[moved.hash] {
                while let next = entries[previous].nextOfHash, next != last { previous = next }
                entries[previous].nextOfHash = position
            }
            if let older = moved.older { entries[older].newer = position } else { oldest = position }
            if let newer = moved.newer { entries[newer].older = position } else { newest = position }
        }
        entries.removeLast()
        return removed
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
