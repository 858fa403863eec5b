/// One property of an event that filters may use.
///
/// A key is identified by its key path from the event: two keys with the same path are the same key, whatever they are
/// called. The path may reach through properties (`Key(\.address.city)`) or end in a computed one (`Key(\.domain)`).
public struct MatchKey<Event: MatchableEvent, Value>: Sendable {
    /// The way from the event to the value; the key's identity.
    public let path: any KeyPath<Event, Value> & Sendable

    private let declaredName: StaticString
    private let position: Int?

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - path: the way from the event to the value.
    ///   - name: the key's name in listings, reports and printed filters. By default it is the name of the property of
    ///     `MatchKeys`; give it when the name leaves the process, on a wire or to disk.
    public init(_ path: any KeyPath<Event, Value> & Sendable, name: StaticString = #function) {
        self.path = path
        self.declaredName = name
        self.position = nil
    }

    /// The key that a filter names by a key path into the event's `MatchKeys`.
    init(named reference: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>) {
        let key = Event.MatchKeys()[keyPath: reference]
        path = key.path
        declaredName = key.declaredName
        position = MemoryLayout<Event.MatchKeys>.offset(of: reference).map { $0 / MemoryLayout<Self>.stride }
    }

    /// The key's name: the one it was given, or that of its property in `MatchKeys`.
    ///
    /// Where the client is compiled without reflection metadata, stored keys are called by their position: `key0`,
    /// `key1`, …
    public var name: String {
        let declared = declaredName.description
        guard MatchKeyNames<Event>.isPlaceholder(declared) else { return declared }
        return MatchKeyNames<Event>.storedNames[identity] ?? "key\(position.map(String.init) ?? "")"
    }
}

extension MatchKey: StoredMatchKey {
    var identity: KeyIdentity { KeyIdentity(path) }
}

/// The match keys of an event: a structure whose properties are ``MatchKey``s.
///
/// A public event needs a `public init() {}` in it, because Swift makes the implicit initializer internal. Another
/// module adds a key with a computed property:
///
/// ```swift
/// extension UserCreated.MatchKeys {
///     var domain: UserCreated.Key<String> { .init(\.domain) }
/// }
/// ```
public protocol MatchKeySet: Sendable {
    /// Makes the keys. Called whenever a filter names one, so it should do no more than that.
    init()
}

/// Finds the names of an event type's stored keys.
///
/// `#function`, evaluated in the initializer of a stored property, gives the enclosing type and not the property; so the
/// names come from a mirror of `MatchKeys`, once a type.
enum MatchKeyNames<Event: MatchableEvent> {
    /// Whether a name taken from `#function` stands for a stored key rather than naming a computed one.
    static func isPlaceholder(_ name: String) -> Bool {
        name == String(describing: Event.MatchKeys.self).prefix { $0 != "<" } || name.hasPrefix("init(")
    }

    /// The labels of the stored keys, by their identity.
    static var storedNames: [KeyIdentity: String] { EventTypeFacts.of(Event.self).keyNames.value(readNames) }

    private static func readNames() -> [KeyIdentity: String] {
        var names: [KeyIdentity: String] = [:]
        for child in Mirror(reflecting: Event.MatchKeys()).children {
            guard let label = child.label, let key = child.value as? any StoredMatchKey else { continue }
            if names[key.identity] == nil { names[key.identity] = label }
        }
        return names
    }
}

/// A match key of any event and value, as the mirror shows it.
protocol StoredMatchKey {
    var identity: KeyIdentity { get }
}
