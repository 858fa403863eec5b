import CEventDispatch
import Synchronization

/// A state of a handler for each value of a key; without a key, one for all events. Past its capacity it forgets the value that was
/// used least recently.
///
/// Values are hashed and compared, which is users' code, in a section, and compared and changed under a lock. A thread that comes back to
/// the same states from a section gets none, instead of locking twice; what is forgotten is freed outside.
///
/// States lie in parts, by the hashes of their values, each with a lock of its own: so threads with different values seldom wait for each
/// other. When a value was used is told by the number of values that were new before: a use at the same time as the one before writes nothing
/// but the state. A small table is one part, in which the order of uses is exact.
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
                defer { if states.oldestUse != oldestUse { oldest.store(states.oldestUse, ordering: .relaxed) } }
                return body(&states)
            }
        }
    }

    /// From this capacity on there are parts.
    private static var dividedCapacity: Int { 1_024 }
    /// A power of two.
    private static var partCount: Int { 8 }

    private let key: EventKey?
    /// The key, to be used without counting a reference.
    private let unmanagedKey: Unmanaged<EventKey>?
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
        unmanagedKey = key.map { .passUnretained($0) }
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
        // Read out here, as closures that read them would count references to these states.
        let (initial, use) = (initial, parts.count == 1 ? nil : newValues.load(ordering: .relaxed))
        let changed = withState(of: key, for: event) { value, hash, part in
            part.withStates { $0.update(value, hash, at: use, default: initial, change) }
        }
        guard let (result, isNew) = changed else { return nil }
        return (result, isNew ? forgetOldestIfFull()?.value : nil)
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

    /// Calls a closure with the value of an event, its hash, and the part that it belongs to, in a section.
    @inline(__always)
    private func withState<Result>(
        of key: Unmanaged<EventKey>,
        for event: EventReference,
        _ body: (KeyValue, Int, Part) -> Result
    ) -> Result? {
        let (id, parts) = (ObjectIdentifier(self), parts)
        return key._withUnsafeGuaranteedRef { key in
            key.withValue(of: event) { value in
                KeyedSection.enter(id) {
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
