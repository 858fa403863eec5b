/// The tables of a type of event at one moment, for explanations. Taken under the registry's lock, and therefore without
/// any of users' code: values are read and printed later.
struct TableSnapshot {
    /// A key that filters name, and where its values are looked up.
    struct Key {
        let reader: KeyReader
        let lanes: [LaneFigures]
    }

    /// A lane, and how much stands in it.
    struct LaneFigures {
        let lane: Lane
        let values: Int?
        let entries: Int
    }

    let table: EventTable
    /// The last registration that counts.
    let version: UInt64
    /// In the order of registration.
    let handlers: [RegisteredHandler]
    let scanned: [RegisteredHandler]
    let keys: [Key]
    /// How many handlers of the subscription were removed before, whatever their events.
    let ended: EndedHandlers?

    /// - Parameter subscription: whose handlers are asked about; nil for all.
    init(_ table: EventTable, version: UInt64, of subscription: EventSubscription?) {
        self.table = table
        self.version = version
        let counts = { (handler: RegisteredHandler) in
            handler.order.registration <= version && !handler.subscription.isOver
        }
        handlers = Self.handlers(of: subscription, in: table).filter(counts)
        ended = subscription?.endedHandlers
        scanned = table.scannedHandlers.filter {
            counts($0) && (subscription == nil || $0.subscription === subscription)
        }
        keys = table.keyTables.map { table in
            let lanes = table.lanes.filter { !$0.isEmpty }
            return Key(
                reader: table.reader,
                lanes: lanes.map { LaneFigures(lane: $0, values: $0.valueCount, entries: $0.count) }
            )
        }
    }

    /// The handlers of a table; of those of one subscription only if there is one.
    private static func handlers(of subscription: EventSubscription?, in table: EventTable) -> [RegisteredHandler] {
        guard let subscription else { return table.handlers }
        let declared = subscription.handlers.handlers
        guard declared.contains(where: { $0.event is any StandsForOtherEvents.Type }) else {
            return declared.filter { $0.event == table.event }
        }
        return table.handlers.filter { $0.subscription === subscription }
    }

    /// How many handlers the event finds in each lane, by the lane's identity. The caller has pinned the epochs.
    func candidates(for event: EventReference) -> [ObjectIdentifier: Int] {
        var counts: [ObjectIdentifier: Int] = [:]
        withReading(of: event, version: 0) { reading in
            for lane in keys.lazy.flatMap(\.lanes).map(\.lane) {
                let before = reading.passedOver
                lane.collect(into: &reading)
                counts[ObjectIdentifier(lane)] = reading.passedOver - before
            }
        }
        return counts
    }

    /// The handlers that the event matches by what the tables say, whatever their limits, in dispatch order. The caller has pinned
    /// the epochs.
    func matches(for event: EventReference) -> [RegisteredHandler] {
        withReading(of: event, version: version) { reading in
            table.collect(into: &reading)
            return reading.matches().map { $0.takeUnretainedValue() }
        }
    }

    private func withReading<Result>(
        of event: EventReference,
        version: UInt64,
        _ body: (inout EventReading) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(byteCount: ReadingMemory.stackSize, alignment: 16) { stack in
            var reading = EventReading(event, .passUnretained(table), version: version, memory: ReadingMemory(stack))
            defer { reading.free() }
            return body(&reading)
        }
    }
}

extension KeyTable {
    /// The lanes that were made.
    fileprivate var lanes: [Lane] {
        let lanes: [Lane?] = [
            values, objects, elements, grid, lowerBounds, upperBounds, prefixes, suffixes, patterns, nils,
        ]
        return lanes.compactMap(\.self)
    }
}

/// A table that a key's value was looked up in, and what was found.
public struct TableLookup: Hashable, Sendable, CustomStringConvertible {
    /// The kind of table: `values`, `objects`, `elements`, `ranges`, `lower bounds`, `upper bounds`, `prefixes`, `suffixes`,
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

/// Handlers that every event is tried on, because nothing of their filters can be indexed: closures, negations, `contains` of a text,
/// `<` and its like of types with an order of their own.
public struct ScannedHandlers: Hashable, Sendable {
    /// One of the handlers.
    public struct Example: Hashable, Sendable, CustomStringConvertible {
        /// The handler's name and where it was declared.
        public let handler: HandlerLabel
        /// Its filter as Swift source.
        public let filter: String

        /// The handler and its filter, on one line.
        public var description: String { "\(handler) where \(filter)" }
    }

    /// How many there are.
    public let count: Int
    /// The first five, in the order of their registration.
    public let examples: [Example]
}
