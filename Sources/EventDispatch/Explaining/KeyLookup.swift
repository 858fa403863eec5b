/// A match key that filters name, the event's value for it, and where that was looked up.
public struct KeyLookup: Hashable, Sendable, CustomStringConvertible {
    /// The key's name.
    public let key: String
    /// The event's value as Swift source.
    public let value: String
    /// The tables that the value was looked up in; none when the key is only checked for handlers that are found by other keys.
    public let tables: [TableLookup]

    /// Key, value and tables, on one line: `\.role: .user → values (3 values, 120 entries): 40 candidates`.
    public var description: String {
        let places = tables.isEmpty ? "checked only" : tables.map(\.description).joined(separator: "; ")
        return "\\.\(escapingControlCharacters(key)): \(value) → \(places)"
    }
}
