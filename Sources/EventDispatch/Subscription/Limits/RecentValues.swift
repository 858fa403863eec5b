/// A dictionary of limited size that forgets the key that was used least recently. Every operation takes constant time.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// An entry, linked to the ones that were used before and after it.
    private struct Entry: Sendable {
        var key: Key
        var value: Value
        var older: Int?
        var newer: Int?
    }

    private let capacity: Int
    private var positions: [Key: Int] = [:]
    private var entries: [Entry] = []
    private var oldest: Int?
    private var newest: Int?

    init(capacity: Int) { self.capacity = capacity }

    /// Changes the value of a key, and returns what the change returned and the key that was forgotten for it. A key that is new
    /// is kept as another that equals it.
    mutating func update<Result>(
        _ key: Key,
        keptAs kept: () -> Key,
        default initial: Value,
        _ change: (inout Value) -> Result
    ) -> (Result, forgotten: Key?) {
        if let position = positions[key] {
            if position != newest {
                unlink(position)
                linkAsNewest(position)
            }
            return (change(&entries[position].value), nil)
        }
        let key = kept()
        guard entries.count == capacity, let position = oldest else {
            entries.append(Entry(key: key, value: initial))
            positions[key] = entries.count - 1
            linkAsNewest(entries.count - 1)
            return (change(&entries[entries.count - 1].value), nil)
        }
        let forgotten = entries[position].key
        positions[forgotten] = nil
        unlink(position)
        entries[position] = Entry(key: key, value: initial)
        positions[key] = position
        linkAsNewest(position)
        return (change(&entries[position].value), forgotten)
    }

    /// Changes the value of a key that is not forgotten.
    mutating func updateKnown(_ key: Key, _ change: (inout Value) -> Void) {
        if let position = positions[key] { change(&entries[position].value) }
    }

    /// The value of a key that is not forgotten; does not count as a use.
    func value(of key: Key) -> Value? { positions[key].map { entries[$0].value } }

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
