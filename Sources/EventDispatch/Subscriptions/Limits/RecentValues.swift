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

    /// Changes the value of a key, and returns what the change returned and the key that was forgotten for it. A key that is new
    /// is kept as another that equals it; one that does not equal itself is not kept.
    mutating func update<Result>(
        _ key: Key,
        keptAs kept: () -> Key,
        default initial: Value,
        _ change: (inout Value) -> Result
    ) -> (Result, forgotten: Key?) {
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
        var forgotten: Key?
        var position = entries.count
        if position == capacity, let oldest {
            position = oldest
            forgotten = entries[position].key
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
