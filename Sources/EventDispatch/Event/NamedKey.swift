/// A match key as a filter names it.
///
/// Every condition needs one, and to find out a key's identity takes longer than all else in a registration; so those
/// that literals name are kept.
final class NamedKey: Sendable {
    /// The key.
    let source: KeySource
    private let makeName: @Sendable () -> String

    /// The name that the key has in printed filters, with control characters escaped.
    var name: String { makeName() }

    private init<Event: MatchableEvent, Value>(_ key: MatchKey<Event, Value>) {
        source = KeySource.of(key)
        makeName = { escapingControlCharacters(key.name) }
    }

    /// The key that a filter names by a key path into the event's `MatchKeys`.
    static func named<Event: MatchableEvent, Value>(
        by reference: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>
    ) -> NamedKey {
        let identity = ObjectIdentifier(reference)
        if let known = namedKeys.withLock({ $0[identity] }) { return known.key }
        let entry = KnownKey(reference: reference, key: NamedKey(MatchKey(named: reference)))
        namedKeys.withLock { keys in
            if keys.count < KnownKey.capacity { keys[identity] = entry }
        }
        return entry.key
    }
}

/// A key, and the key path that named it.
///
/// The key path is kept alive, so that no other can come to life at its address. A literal's lives as long as the program
/// anyway; the capacity is for programs that compose theirs anew each time.
private struct KnownKey: @unchecked Sendable {
    // Sound: the reference is only kept, never read.
    let reference: AnyKeyPath
    let key: NamedKey

    static let capacity = 4_096
}

private let namedKeys = Locked<[ObjectIdentifier: KnownKey]>([:])
