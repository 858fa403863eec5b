/// A match key as a filter names it.
///
/// Every condition needs one, and to find out a key's identity takes longer than all else in a registration; so those
/// that are named again by the same key path, as by a literal, are kept.
final class NamedKey: Sendable {
    /// The key.
    let reader: KeyReader
    private let makeName: @Sendable () -> String

    /// The name that the key has in printed filters, with control characters escaped.
    var name: String { makeName() }

    private init<Event: MatchableEvent, Value>(_ key: MatchKey<Event, Value>) {
        reader = KeyReader.of(key)
        makeName = { escapingControlCharacters(key.name) }
    }

    /// The key that a filter names by a key path into the event's `MatchKeys`.
    static func named<Event: MatchableEvent, Value>(
        by reference: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>
    ) -> NamedKey {
        if let known = namedKeys.withLock({ $0.key(of: reference) }) { return known }
        let key = NamedKey(MatchKey(named: reference))
        let forgotten = namedKeys.withLock { $0.note(key, for: reference) }
        withExtendedLifetime(forgotten) {}
        return key
    }
}

/// The keys that key paths named, as long as these live: that of a literal lives as long as the program, one that was composed, as with
/// the argument of a subscript, mostly no longer than the call. So a key is kept only when its key path comes a second time.
private struct NamedKeys: @unchecked Sendable {
    // Sound: the key paths are only compared by identity.

    private struct Entry {
        weak var reference: AnyKeyPath?
        var key: NamedKey?
    }

    private var entries: [ObjectIdentifier: Entry] = [:]
    /// How many entries there may be before those whose key paths are gone are looked for.
    private var capacity = 64

    func key(of reference: AnyKeyPath) -> NamedKey? {
        guard let entry = entries[ObjectIdentifier(reference)], entry.reference === reference else { return nil }
        return entry.key
    }

    /// Objects to free outside the lock: they may hold users' objects.
    struct Forgotten: @unchecked Sendable {
        // Sound: only to be let go.
        fileprivate var objects: [AnyObject?] = []
    }

    /// Notes a key, and returns what is forgotten.
    mutating func note(_ key: NamedKey, for reference: AnyKeyPath) -> Forgotten {
        let identity = ObjectIdentifier(reference)
        var forgotten = Forgotten()
        if let known = entries[identity] {
            forgotten.objects.append(known.key)
            // At the address of one that is gone, another may have come to life.
            entries[identity] = Entry(reference: reference, key: known.reference === reference ? key : nil)
        } else {
            entries[identity] = Entry(reference: reference)
        }
        guard entries.count > capacity else { return forgotten }
        for (identity, entry) in entries {
            let reference = entry.reference
            forgotten.objects += [reference, entry.key]
            if reference == nil { entries[identity] = nil }
        }
        capacity = max(64, 2 * entries.count)
        return forgotten
    }
}

private let namedKeys = Locked(NamedKeys())

/// The identity of a match key: its path from the event.
struct KeyIdentity: Hashable, Sendable {
    private let path: any AnyKeyPath & Sendable

    init(_ path: any AnyKeyPath & Sendable) { self.path = path }

    static func == (left: Self, right: Self) -> Bool { left.path as AnyKeyPath == right.path as AnyKeyPath }

    func hash(into hasher: inout Hasher) { hasher.combine(path as AnyKeyPath) }
}
