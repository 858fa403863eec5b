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
    static var storedNames: [KeyIdentity: String] {
        let type = ObjectIdentifier(Event.self)
        if let known = matchKeyNames.withLock({ $0[type] }) { return known }
        let names = readNames()
        matchKeyNames.withLock { $0[type] = names }
        return names
    }

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

private let matchKeyNames = Locked<[ObjectIdentifier: [KeyIdentity: String]]>([:])
