import Foundation

/// A point in time, reckoned exactly from the beginning of 1970 in UTC.
///
/// `Date` is a floating-point number, and what is added to it is rounded; a retry that is due at a time has to be due when a clock has
/// reached it.
public struct StoreTime: Hashable, Comparable, Sendable {
    /// The time since the beginning of 1970.
    public let sinceEpoch: Duration

    /// Makes a point in time from the time since the beginning of 1970.
    public init(sinceEpoch: Duration) { self.sinceEpoch = sinceEpoch }

    /// Makes a point in time from a date, rounded to microseconds.
    public init(_ date: Date) { sinceEpoch = .microseconds(Int64((date.timeIntervalSince1970 * 1e6).rounded())) }

    /// The point in time as a date.
    public var date: Date { Date(timeIntervalSince1970: sinceEpoch / .seconds(1)) }

    /// Whether a point in time is earlier than another.
    public static func < (left: Self, right: Self) -> Bool { left.sinceEpoch < right.sinceEpoch }

    /// The point in time that is a duration later.
    public static func + (time: Self, duration: Duration) -> Self { Self(sinceEpoch: time.sinceEpoch + duration) }

    /// How much later a point in time is than another.
    public static func - (later: Self, earlier: Self) -> Duration { later.sinceEpoch - earlier.sinceEpoch }
}

/// An event as a store keeps it: the attributes of a CloudEvents 1.0 event, and the data.
public struct StoredEvent: Hashable, Sendable {
    /// The event's own ID, the same in every delivery. A store keeps an event once for each ID.
    public var id: String
    /// Its place in the store, counted from 1; 0 for an event that no store has kept yet.
    public var sequence: Int64 = 0
    /// The ``StorableEvent/storedName`` of its type: the `type` of CloudEvents.
    public var name: String
    /// The ``StorableEvent/schemaVersion`` of the program that wrote it.
    public var schemaVersion: Int
    /// Who published it.
    public var source: String
    /// When it was published.
    public var time: StoreTime
    /// The values of its routing keys, by the names of the keys.
    public var routing: [String: String]
    /// The trace that it was published in, as a `traceparent` of W3C; nil for none.
    public var trace: String?
    /// The event: JSON, unless its type decodes something else.
    public var data: Data

    /// Makes an event that no store has kept yet.
    ///
    /// - Parameters:
    ///   - id: the event's own ID.
    ///   - name: the stored name of its type.
    ///   - schemaVersion: the version of its fields.
    ///   - source: who publishes it.
    ///   - time: when it is published.
    ///   - routing: the values of its routing keys.
    ///   - trace: the trace that it is published in.
    ///   - data: the event, encoded.
    public init(
        id: String,
        name: String,
        schemaVersion: Int = 1,
        source: String,
        time: StoreTime,
        routing: [String: String] = [:],
        trace: String? = nil,
        data: Data
    ) {
        self.id = id
        self.name = name
        self.schemaVersion = schemaVersion
        self.source = source
        self.time = time
        self.routing = routing
        self.trace = trace
        self.data = data
    }

    /// The event as a value of its type.
    ///
    /// - Parameter type: the type.
    /// - Returns: the event; nil when it's stored under another name.
    /// - Throws: what ``StorableEvent/decode(_:version:)`` throws.
    public func decoded<Event: StorableEvent>(as type: Event.Type) throws -> Event? {
        name == Event.storedName ? try Event.decode(data, version: schemaVersion) : nil
    }
}

/// The events that a subscription wants to read, as far as a store can tell without decoding them.
public struct EventInterest: Hashable, Sendable, Codable {
    /// The events of one name, narrowed by routing keys.
    public struct Part: Hashable, Sendable, Codable {
        /// The stored name.
        public let name: String
        /// For each routing key that narrows the part, the values one of which an event has to have.
        public let routing: [String: Set<String>]
        /// The names of all routing keys that the type of the events has.
        public let keys: [String]

        package init(name: String, routing: [String: Set<String>], keys: [String]? = nil) {
            self.name = name
            self.routing = routing
            self.keys = keys ?? routing.keys.sorted()
        }
    }

    /// The parts; an event is wanted that is in any of them.
    public package(set) var parts: [Part] = []
    /// Nil rather than false, so that what is written of an interest in parts is as it always was.
    private var all: Bool?

    /// Makes an interest in nothing.
    public init() {}

    /// All events, of names that no program here knows, too.
    public static let everything: Self = {
        var interest = Self()
        interest.all = true
        return interest
    }()

    /// Whether all events are wanted. Then there are no parts.
    public var isEverything: Bool { all == true }

    /// Whether no event is wanted.
    public var isEmpty: Bool { !isEverything && parts.isEmpty }

    /// Whether an event is in any of the parts.
    public func includes(_ event: StoredEvent) -> Bool { includes(name: event.name, routing: event.routing) }

    /// Whether events of a name and of values of routing keys are in any of the parts.
    ///
    /// An event that has no value of a routing key, because it was stored before its type had the key, is in it too.
    public func includes(name: String, routing: [String: String]) -> Bool {
        if isEverything { return true }
        return parts.contains { part in
            part.name == name
                && part.routing.allSatisfy { key, values in routing[key].map(values.contains) ?? true }
        }
    }
}

/// The events that a store read, and how far it looked.
public struct EventBatch: Hashable, Sendable {
    /// The events, in their order.
    public var events: [StoredEvent]
    /// The sequence up to which there is nothing else for the reader.
    public var upTo: Int64
    /// Whether that was the end of what is stored.
    public var isEnd: Bool

    /// Makes a batch.
    ///
    /// - Parameters:
    ///   - events: the events, in their order.
    ///   - upTo: the sequence up to which there is nothing else for the reader.
    ///   - isEnd: whether that is the end of what is stored.
    public init(events: [StoredEvent], upTo: Int64, isEnd: Bool) {
        self.events = events
        self.upTo = upTo
        self.isEnd = isEnd
    }
}
