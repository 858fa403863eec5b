/// A value of a column: of any of SQLite's types.
enum FuzzedValue {
    case null
    case integer(Int64)
    case real(Double)
    case text([UInt8])
    case blob([UInt8])

    init(_ input: inout InputBytes) {
        switch input.number(below: 12) {
        case 0: self = .null
        case 1: self = .integer(Int64(input.number(below: 256)))
        case 2: self = .integer(input.pick([.max, .min, -1, 0, 1 << 53]))
        case 3: self = .real(input.pick([0, -0.5, 1e300, .infinity, -.infinity, .leastNonzeroMagnitude]))
        case 4: self = .text(Array(#"{"region":"eu"}"#.utf8))
        case 5: self = .text(Array(#"{"id":5,"region":null}"#.utf8))
        case 6: self = .blob(Array(#"{"id":3}"#.utf8))
        case 7: self = .blob(Array(#"{"id":1,"region":"eu"}"#.utf8))
        case 8: self = .text(Array("fuzzed".utf8))
        case 9: self = .text(Self.bytes(&input))
        case 10: self = .blob(Self.bytes(&input))
        default: self = .text([])
        }
    }

    private static func bytes(_ input: inout InputBytes) -> [UInt8] {
        (0..<input.number(below: 24)).map { _ in UInt8(input.number(below: 256)) }
    }

    /// Whether a retry that is due at the time isn't due now.
    var isLater: Bool {
        switch self {
        case .integer(let number): number > 1 << 40
        case .real(let number): number > 0x1p40
        default: false
        }
    }
}

/// Rows of a store's tables, drawn from an input.
struct StoredRows {
    /// A table, its columns, and the values of a row.
    struct Row {
        let table: String
        let values: [FuzzedValue]
    }

    private(set) var rows: [Row] = []
    let isOrdered: Bool
    /// Whether an event waits for a time that doesn't come.
    private(set) var waitsForLater = false

    /// The tables, and how many of their columns are drawn. The first column of those of a subscription is its number.
    static let tables = [
        "kinds": "name, version, source, routing",
        "events": "id, kind, time, trace, data",
        "subscription": "position, interest",
        "attempts": "sequence, attempts, began, retry_at, errors",
        "done": "sequence",
        "letters": """
        sequence, returned, reason, errors, attempts, last_attempt, buried, id, name, version, source, routing, time, trace, data
        """,
    ]

    init(_ input: inout InputBytes) {
        isOrdered = input.flip()
        while !input.isAtEnd, rows.count < 40 {
            let table = input.pick(["kinds", "events", "events", "subscription", "attempts", "done", "letters"])
            let columns = Self.tables[table, default: ""].split(separator: ",").count
            let values = (0..<columns).map { _ in FuzzedValue(&input) }
            if table == "attempts", values[3].isLater { waitsForLater = true }
            rows.append(Row(table: table, values: values))
        }
    }
}
