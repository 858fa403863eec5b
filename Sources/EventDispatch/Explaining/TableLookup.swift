/// A table that a key's value was looked up in, and what was found.
public struct TableLookup: Hashable, Sendable, CustomStringConvertible {
    /// What the table goes by: `values`, `objects`, `elements`, `ranges`, `lower bounds`, `upper bounds`, `prefixes`, `suffixes`,
    /// `patterns` or `nil`.
    public let table: String
    /// How many values filters name there; nil where that is not counted.
    public let values: Int?
    /// How many entries there are: one for each handler and value that it is filed under, one or two for a range.
    public let entries: Int
    /// How many of the entries the event finds; what else their handlers ask for is then checked for each.
    public let candidates: Int

    /// `values (3 values, 120 entries): 40 candidates`.
    public var description: String {
        let values = values.map { "\(counted($0, "value")), " } ?? ""
        let entries = "\(inThousands(entries)) \(entries == 1 ? "entry" : "entries")"
        return "\(table) (\(values)\(entries)): \(counted(candidates, "candidate"))"
    }
}
