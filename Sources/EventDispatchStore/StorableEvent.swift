import EventDispatch
import Foundation

/// An event that a store can keep: it can be encoded, and has a name that is fixed by hand.
///
/// ```swift
/// struct OrderPlaced: StorableEvent {
///     static let storedName = "shop.order.placed"
///     let id: Int, region: String
///
///     struct MatchKeys: MatchKeySet {
///         let region = Key(\.region)
///     }
///     static let routingKeys: [RoutingKey<Self>] = [.init(\.region)]
/// }
/// ```
///
/// Rename the type as you like: what is stored is found by `storedName`. An unknown field in what is stored is no error, and a field that is
/// new in the type has to be optional, or ``decode(_:version:)`` gives it a value.
public protocol StorableEvent: MatchableEvent, Codable {
    /// The name under which events of the type are stored. It stays when the type is renamed.
    static var storedName: String { get }

    /// The version of the fields that this program writes; 1 by default.
    static var schemaVersion: Int { get }

    /// The match keys whose values are stored beside the event, so that a store can pick events without decoding them; none by default.
    static var routingKeys: [RoutingKey<Self>] { get }

    /// Reads what this or an older release wrote.
    ///
    /// - Parameters:
    ///   - data: the event as it was stored.
    ///   - version: the `schemaVersion` of the program that wrote it.
    /// - Returns: the event.
    /// - Throws: what makes the event a dead letter, with the error's text.
    static func decode(_ data: Data, version: Int) throws -> Self
}

extension StorableEvent {
    /// 1.
    public static var schemaVersion: Int { 1 }

    /// None.
    public static var routingKeys: [RoutingKey<Self>] { [] }

    /// Reads JSON, whatever the version.
    public static func decode(_ data: Data, version: Int) throws -> Self {
        try JSONDecoder().decode(Self.self, from: data)
    }
}

/// A match key whose value is stored as text beside the event.
///
/// A durable subscription whose filters list the values that it takes, as `\.region == "eu"` does, doesn't fetch events with others.
public struct RoutingKey<Event: StorableEvent>: Sendable {
    /// The name of the match key.
    public let name: String
    /// The value's text in an event.
    let text: @Sendable (Event) -> String
    /// The texts one of which every event has that a block matches; nil where they can't be listed.
    let expectedTexts: @Sendable (SubscriptionDeclaration, any Clock<Duration>) throws(DispatchError) -> [String]?

    /// Routes by the value of a match key.
    public init<Value: RoutingValue>(_ reference: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>) {
        let key = Event.MatchKeys()[keyPath: reference]
        name = key.name
        text = { $0[keyPath: key.path].routingText }
        expectedTexts = { (block, clock) throws(DispatchError) in
            try block.expectedValues(of: key, on: clock)?.map(\.routingText)
        }
    }
}

/// A value that a routing key can have: equal values have the same text, to the byte, and others have others.
///
/// An enumeration with raw values conforms by saying so: `enum Region: String, RoutingValue`.
public protocol RoutingValue: Hashable, Sendable {
    /// The value's text.
    var routingText: String { get }
}

extension RoutingValue where Self: RawRepresentable, RawValue: RoutingValue {
    /// That of the raw value.
    public var routingText: String { rawValue.routingText }
}

extension String: RoutingValue {
    /// The text in its composed form: texts that Swift takes as equal can differ in bytes.
    public var routingText: String { precomposedStringWithCanonicalMapping }
}

extension Int: RoutingValue {
    /// The number in decimal.
    public var routingText: String { description }
}

extension Int64: RoutingValue {
    /// The number in decimal.
    public var routingText: String { description }
}

extension Bool: RoutingValue {
    /// `true` or `false`.
    public var routingText: String { description }
}

extension UUID: RoutingValue {
    /// The 36 characters, in capitals.
    public var routingText: String { uuidString }
}
