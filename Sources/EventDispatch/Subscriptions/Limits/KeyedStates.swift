import CEventDispatch
import Synchronization

/// A match key, and how its values are hashed and compared: by it, what belongs to a handler is kept for each value.
final class EventKey: Sendable {
    private let reader: KeyReader
    private let operations: KeyOperations

    init(_ reader: KeyReader, _ operations: HashOperations) {
        self.reader = reader
        self.operations = KeyOperations(operations, reader.layout)
    }

    /// Calls a closure with the value of an event.
    func withValue<Result>(of event: EventReference, _ body: (KeyValue) -> Result) -> Result {
        Unmanaged.passUnretained(reader)._withUnsafeGuaranteedRef { reader in
            reader.withValue(of: event) { body(KeyValue(at: $0, operations)) }
        }
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

    func make() -> EventKey { EventKey(reader, operations.make()) }
}

/// A state of a handler for each value of a key; without a key, one for all events. Past its capacity it forgets the value that was
/// used least recently.
///
/// Values are hashed and compared, which is users' code, in a section, and compared and changed under a lock. A thread that comes back to
/// the same states from a section gets none, instead of locking twice; what is forgotten is freed outside.
///
/// States lie in parts, by the hashes of their values, each with a lock of its own: so threads with different values seldom wait for each
/// other. The order of uses is kept in each part, and across parts by the number of values that were new before a use. A small table is one
/// part, in which the order is exact.
///
/// Values have no type here: code that is not specialised asks the runtime for the types of its tables at every step, which takes a
/// lock of the runtime's. With eight threads at it, that was six tenths of all the time. And no reference is counted on the way to a state:
/// counts are written by all threads.
final class KeyedStates<State: Sendable>: @unchecked Sendable {
    // Sound: constants, atomics, and what is only touched under a lock.

    private final class Part {
        private let lock = Locked<Void>(())
        /// Touched under the lock only. A thread that comes back from there gets no states, so accesses don't overlap.
        @exclusivity(unchecked) private var states = RecentValues<State>()
        private let oldest = Atomic(Int.max)

        /// When the state that was used least recently was used; needs no lock.
        var oldestUse: Int { oldest.load(ordering: .relaxed) }

        func withStates<Result>(_ body: (inout RecentValues<State>) -> Result) -> Result {
            lock.withLock { _ in
                defer { oldest.store(states.oldestUse, ordering: .relaxed) }
                return body(&states)
            }
        }
    }

    /// From this capacity on there are parts.
    private static var dividedCapacity: Int { 1_024 }
    /// A power of two.
    private static var partCount: Int { 8 }

    private let key: EventKey?
    private let initial: State
    private let capacity: Int
    private let onlyLock = Locked<Void>(())
    /// The state where there is no key. Touched under its lock only; as with those of a part, accesses don't overlap.
    @exclusivity(unchecked) private var only: State
    private let parts: UnsafeMutableBufferPointer<Unmanaged<Part>>
    private let count = Atomic(0)
    /// How many values were new: what uses are counted by.
    private let newValues = Atomic(0)
    private let forgottenCount = Atomic(0)

    init(per key: EventKey?, capacity: Int = .max, _ initial: State) {
        self.key = key
        self.initial = initial
        self.capacity = capacity
        only = initial
        parts = .allocate(capacity: key == nil ? 0 : capacity < Self.dividedCapacity ? 1 : Self.partCount)
        for index in parts.indices { parts.initializeElement(at: index, to: .passRetained(Part())) }
    }

    deinit {
        for part in parts { part.release() }
        parts.deallocate()
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
    /// that is in a section of these states already.
    func change<Result>(
        for event: EventReference,
        _ change: (inout State) -> Result
    ) -> (result: Result, forgotten: State?)? {
        guard let key = unmanagedKey else { return changeOnly(change).map { ($0, nil) } }
        let changed = withState(of: key, for: event) { value, hash, part in
            let use = newValues.load(ordering: .relaxed)
            let (result, isNew) = part.withStates { $0.update(value, hash, at: use, default: initial, change) }
            return (result: result, forgotten: isNew ? forgetOldestIfFull() : nil)
        }
        return changed.map { ($0.result, $0.forgotten?.value) }
    }

    /// Notes that a value is new, and forgets another if there are too many.
    private func forgetOldestIfFull() -> RecentValues<State>.Forgotten? {
        let number = newValues.add(1, ordering: .relaxed).newValue
        guard count.add(1, ordering: .relaxed).newValue > capacity else { return nil }
        while let part = oldestPart(from: number) {
            // Another thread may have forgotten the last one of the part.
            guard let forgotten = part._withUnsafeGuaranteedRef({ $0.withStates { $0.forgetOldest() } }) else {
                continue
            }
            count.subtract(1, ordering: .relaxed)
            forgottenCount.add(1, ordering: .relaxed)
            return forgotten
        }
        return nil
    }

    /// The part with the state that was used least recently; nil where there is none. Among several it's another one each time: none is
    /// emptied before the others.
    private func oldestPart(from number: Int) -> Unmanaged<Part>? {
        var oldest: Unmanaged<Part>?
        var oldestUse = Int.max
        for index in parts.indices {
            let part = parts[(number &+ index) & (parts.count - 1)]
            let use = part._withUnsafeGuaranteedRef { $0.oldestUse }
            if use < oldestUse { (oldest, oldestUse) = (part, use) }
        }
        return oldest
    }

    /// Changes the state for an event if there is one that was not forgotten.
    @discardableResult
    func changeKnown<Result>(for event: EventReference, _ change: (inout State) -> Result) -> Result? {
        guard let key = unmanagedKey else { return changeOnly(change) }
        return withState(of: key, for: event) { value, hash, part in
            part.withStates { $0.updateKnown(value, hash, change) }
        } ?? nil
    }

    /// The state for an event, which is not changed by it; nil for a thread that is in a section of these states already.
    func state(for event: EventReference) -> State? {
        guard let key = unmanagedKey else { return changeOnly { $0 } }
        return withState(of: key, for: event) { value, hash, part in
            part.withStates { $0.value(of: value, hash) } ?? initial
        }
    }

    /// Forgets the state for an event, if it satisfies a condition.
    func remove(for event: EventReference, where isSuch: (State) -> Bool) {
        guard let key = unmanagedKey else { return }
        let removed = withState(of: key, for: event) { value, hash, part in
            part.withStates { $0.remove(value, hash, where: isSuch) }
        }
        guard let removed = removed ?? nil else { return }
        count.subtract(1, ordering: .relaxed)
        withExtendedLifetime(removed) {}
    }

    private var unmanagedKey: Unmanaged<EventKey>? {
        @inline(__always) get { key.map { .passUnretained($0) } }
    }

    /// Calls a closure with the value of an event, its hash, and the part that it belongs to, in a section.
    @inline(__always)
    private func withState<Result>(
        of key: Unmanaged<EventKey>,
        for event: EventReference,
        _ body: (KeyValue, Int, Part) -> Result
    ) -> Result? {
        key._withUnsafeGuaranteedRef { key in
            key.withValue(of: event) { value in
                inSection {
                    let hash = value.hash
                    return parts[hash & (parts.count - 1)]._withUnsafeGuaranteedRef { body(value, hash, $0) }
                }
            }
        }
    }

    private func changeOnly<Result>(_ change: (inout State) -> Result) -> Result? {
        inSection { onlyLock.withLock { _ in change(&only) } }
    }

    @inline(__always)
    private func inSection<Result>(_ body: () -> Result) -> Result? {
        KeyedSection.enter(ObjectIdentifier(self), body)
    }
}

/// That this thread hashes or compares values for states, as a frame on its stack.
private struct KeyedSection {
    private let states: ObjectIdentifier
    private let outer: UnsafePointer<KeyedSection>?

    /// Calls a closure in a section of states; nil for a thread that is in one already.
    @inline(__always)
    static func enter<Result>(_ states: ObjectIdentifier, _ body: () -> Result) -> Result? {
        let outer = ed_keyed_section()?.assumingMemoryBound(to: KeyedSection.self)
        var next = outer
        while let section = next {
            if section.pointee.states == states { return nil }
            next = section.pointee.outer
        }
        return withUnsafePointer(to: KeyedSection(states: states, outer: outer)) { section in
            ed_set_keyed_section(section)
            defer { ed_set_keyed_section(outer) }
            return body()
        }
    }
}

/// How the values of a key are hashed, compared and kept, for values to point at.
final class KeyOperations: Sendable {
    fileprivate let hashing: HashOperations
    fileprivate let layout: ValueLayout

    init(_ hashing: HashOperations, _ layout: ValueLayout) {
        self.hashing = hashing
        self.layout = layout
    }
}

/// A value of a key, whatever its type, with the type's own `hash` and `==`. Somebody else keeps it, and its operations.
struct KeyValue: Equatable, @unchecked Sendable {
    // Sound: the value is only read, and keys of limits are `Sendable`.

    fileprivate let value: UnsafeRawPointer
    private let operations: Unmanaged<KeyOperations>

    init(at value: UnsafeRawPointer, _ operations: KeyOperations) {
        self.value = value
        self.operations = .passUnretained(operations)
    }

    /// A copy of the value.
    var kept: KeptValue { KeptValue(copying: value, operations.takeUnretainedValue()) }

    static func == (left: Self, right: Self) -> Bool {
        left.operations._withUnsafeGuaranteedRef { $0.hashing.equals(left.value, right.value) }
    }

    /// Calls the type's own `hash`, but for texts.
    var hash: Int { operations._withUnsafeGuaranteedRef { $0.hashing.hash(value) } }
}

/// A copy of a value, whatever its type.
final class KeptValue: @unchecked Sendable {
    // Sound: as with `KeyValue`.

    let value: KeyValue
    private let operations: KeyOperations

    /// Whether another value equals it. The value points at what this object keeps.
    func equals(_ other: KeyValue) -> Bool { withExtendedLifetime(self) { value == other } }

    fileprivate init(copying original: UnsafeRawPointer, _ operations: KeyOperations) {
        self.operations = operations
        let memory = operations.layout.allocate()
        operations.layout.initialize(memory, from: original)
        value = KeyValue(at: memory, operations)
    }

    deinit {
        let memory = UnsafeMutableRawPointer(mutating: value.value)
        operations.layout.destroy(memory)
        memory.deallocate()
    }
}

/// A table that knows which value was used least recently. Every operation takes constant time.
///
/// Not a `Dictionary`, which traps where `==` contradicts itself: the type is a user's. Whoever asks brings a value's hash along.
struct RecentValues<State: Sendable>: Sendable {
    /// An entry, linked to the ones that were used before and after it, and to the next with the same hash.
    private struct Entry: Sendable {
        /// What ``kept`` keeps: to read it counts no reference.
        let value: KeyValue
        let kept: KeptValue
        var state: State
        let hash: Int
        /// When it was used last.
        var use: Int
        var nextOfHash: Int?
        var older: Int?
        var newer: Int?
    }

    /// What was in the table, to be let go of outside the lock.
    struct Forgotten: Sendable {
        let kept: KeptValue
        let value: State
    }

    /// The first entry of each hash.
    private var positions: [Int: Int] = [:]
    private var entries: [Entry] = []
    private var oldest: Int? { didSet { oldestUse = oldest.map { entries[$0].use } ?? .max } }
    private var newest: Int?
    /// When the value was used that was used least recently; the greatest number for none. Kept, for the entry is seldom near.
    private(set) var oldestUse = Int.max

    /// How many values there are.
    var count: Int { entries.count }

    /// Changes the state of a value, and returns what the change returned and whether the value is new. One that is new is kept; one that
    /// does not equal itself is not.
    ///
    /// - Parameter use: when that is; about as late as those before, or later.
    mutating func update<Result>(
        _ value: KeyValue,
        _ hash: Int,
        at use: Int = 0,
        default initial: State,
        _ change: (inout State) -> Result
    ) -> (Result, isNew: Bool) {
        if let position = position(of: value, hash) {
            entries[position].use = use
            if position != newest {
                unlink(position)
                linkAsNewest(position)
            } else if position == oldest {
                oldestUse = use
            }
            return (change(&entries[position].state), false)
        }
        guard value == value else {
            var state = initial
            return (change(&state), false)
        }
        let (position, kept) = (entries.count, value.kept)
        entries.append(
            Entry(value: kept.value, kept: kept, state: initial, hash: hash, use: use, nextOfHash: positions[hash])
        )
        positions[hash] = position
        linkAsNewest(position)
        return (change(&entries[position].state), true)
    }

    /// Changes the state of a value that is there.
    mutating func updateKnown<Result>(_ value: KeyValue, _ hash: Int, _ change: (inout State) -> Result) -> Result? {
        position(of: value, hash).map { change(&entries[$0].state) }
    }

    /// Takes out a value whose state satisfies a condition.
    mutating func remove(_ value: KeyValue, _ hash: Int, where isSuch: (State) -> Bool) -> Forgotten? {
        guard let position = position(of: value, hash), isSuch(entries[position].state) else { return nil }
        return remove(at: position)
    }

    /// Takes out the value that was used least recently.
    mutating func forgetOldest() -> Forgotten? { oldest.map { remove(at: $0) } }

    /// Takes out an entry. The last one takes its place.
    private mutating func remove(at position: Int) -> Forgotten {
        unlinkOfHash(position)
        unlink(position)
        let removed = Forgotten(kept: entries[position].kept, value: entries[position].state)
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

    /// The state of a value; does not count as a use.
    func value(of value: KeyValue, _ hash: Int) -> State? { position(of: value, hash).map { entries[$0].state } }

    /// The states, that of the value first that was used least recently.
    var values: [State] {
        var values: [State] = []
        var next = oldest
        while let position = next {
            values.append(entries[position].state)
            next = entries[position].newer
        }
        return values
    }

    @inline(__always)
    private func position(of value: KeyValue, _ hash: Int) -> Int? {
        var next = positions[hash]
        while let position = next {
            if entries[position].value == value { return position }
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
