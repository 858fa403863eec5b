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
    /// - Parameter use: when that is; about as late as those before, or later. Uses of a value at one time are noted once. Without a time
    ///   it's later than all before.
    mutating func update<Result>(
        _ value: KeyValue,
        _ hash: Int,
        at use: Int? = nil,
        default initial: State,
        _ change: (inout State) -> Result
    ) -> (Result, isNew: Bool) {
        if let position = position(of: value, hash) {
            if entries[position].use != use { markAsUsed(position, at: use) }
            return (change(&entries[position].state), false)
        }
        guard value == value else {
            var state = initial
            return (change(&state), false)
        }
        let (position, kept) = (entries.count, value.kept)
        entries.append(
            Entry(value: kept.value, kept: kept, state: initial, hash: hash, use: use ?? 0, nextOfHash: positions[hash])
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

    private mutating func markAsUsed(_ position: Int, at use: Int?) {
        entries[position].use = use ?? 0
        if position != newest {
            unlink(position)
            linkAsNewest(position)
        } else if position == oldest {
            oldestUse = entries[position].use
        }
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
