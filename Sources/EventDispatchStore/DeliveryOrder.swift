/// In which order a durable subscription delivers events, and how many at a time.
public struct DeliveryOrder: Sendable {
    /// How many deliveries go on at a time.
    let atOnce: Int
    /// The events that wait for each other, by their values; nil where the order isn't per value.
    private let keys: [ObjectIdentifier: @Sendable (any StorableEvent) -> LaneValue?]?

    /// One after the other, as published. An event that fails holds the rest up until it succeeds or is a dead letter.
    public static let inOrder = DeliveryOrder(atOnce: 1, keys: [:])

    /// As published for each value of a property, with the events of other values beside it.
    ///
    /// ```swift
    /// .inOrder(per: \OrderPlaced.customer).and(per: \OrderPaid.customer)
    /// ```
    ///
    /// An event that fails holds up the events of its own value, of whichever type. Events of a type without a property here are in one
    /// order with each other.
    ///
    /// - Parameters:
    ///   - key: the property.
    ///   - atOnce: how many deliveries go on at a time; at least one does.
    public static func inOrder<Event: StorableEvent, Value: Hashable & Sendable>(
        per key: any KeyPath<Event, Value> & Sendable,
        atOnce: Int = 16
    ) -> DeliveryOrder {
        DeliveryOrder(atOnce: max(1, atOnce), keys: [:]).and(per: key)
    }

    /// Adds the property of another type of event.
    public func and<Event: StorableEvent, Value: Hashable & Sendable>(
        per key: any KeyPath<Event, Value> & Sendable
    ) -> DeliveryOrder {
        guard var keys else { return self }
        keys[ObjectIdentifier(Event.self)] = { event in (event as? Event).map { LaneValue($0[keyPath: key]) } }
        return DeliveryOrder(atOnce: atOnce, keys: keys)
    }

    /// In no order, so many at a time; at least one.
    public static func concurrent(_ atOnce: Int) -> DeliveryOrder { DeliveryOrder(atOnce: max(1, atOnce), keys: nil) }

    private init(atOnce: Int, keys: [ObjectIdentifier: @Sendable (any StorableEvent) -> LaneValue?]?) {
        self.atOnce = atOnce
        self.keys = keys
    }

    /// Whether no event waits for another.
    var isFree: Bool { keys == nil }

    /// The lane of an event: events of one lane are delivered one after the other.
    func lane(of event: any StorableEvent, _ sequence: Int64) -> Lane {
        guard let keys else { return .alone(sequence) }
        return keys[ObjectIdentifier(type(of: event))]?(event).map(Lane.value) ?? .common
    }
}

/// What events have in common that are delivered one after the other.
package enum Lane: Hashable, Sendable {
    /// That they have no value.
    case common
    /// A value.
    case value(LaneValue)
    /// Nothing: the event is alone in it.
    case alone(Int64)
}

/// A value of whatever type.
package struct LaneValue: Hashable, Sendable {
    private let value: any Hashable & Sendable

    package init(_ value: any Hashable & Sendable) { self.value = value }

    package static func == (left: Self, right: Self) -> Bool { AnyHashable(left.value) == AnyHashable(right.value) }

    package func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(value)) }
}
