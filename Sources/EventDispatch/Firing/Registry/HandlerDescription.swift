/// A registered handler, as ``EventDispatcher/handlers`` lists it.
public struct HandlerDescription: Hashable, Sendable, CustomStringConvertible {
    /// The event's name; for a handler of any event, which events.
    public let event: String
    /// The phase that the handler runs in.
    public let phase: String
    /// The filter as Swift source, cut where it is longer than a line or two; nil when the handler takes every event of its type.
    public let filter: String?
    /// How many starts the handler's limit leaves; nil without a limit.
    public let limitLeft: Int?
    /// How many values of keys the handler's limits and other modifiers have forgotten for want of capacity; nil where nothing is kept per key.
    public let forgottenKeys: Int?
    /// The handler's priority.
    public let priority: Int
    /// The name that the handler was given, or an empty string.
    public let handlerName: String
    /// Where the handler was declared.
    public let location: CallSite
    /// Whether the owner of a `weak:` handler is alive; nil for a handler without owner.
    public let isOwnerAlive: Bool?
    /// The ID of its subscription, if that was given one.
    public let subscriptionID: String?
    /// Whether its subscription is muted at the moment.
    public let isMuted: Bool

    /// The handler on one line: event, phase, filter, limit, name and place.
    public var description: String {
        var parts = ["\(escapingControlCharacters(event)) \(phase):"]
        if let filter { parts.append("where \(filter)") }
        if let limitLeft { parts.append("(\(limitLeft) left)") }
        parts.append(HandlerLabel(name: handlerName, location: location).description)
        return parts.joined(separator: " ")
    }
}

extension HandlerDescription {
    init(_ registered: RegisteredHandler, _ selection: EventSelection?) {
        event = selection?.description ?? registered.event.eventName
        phase = registered.phase.name
        filter = registered.filter?.printed(atMost: PrintedLength.filter)
        limitLeft = registered.startsLeft
        forgottenKeys = registered.forgottenKeys
        priority = registered.order.priority
        handlerName = registered.label.name
        location = registered.label.location
        isOwnerAlive = registered.owner.map { $0.end == nil }
        subscriptionID = registered.subscription.id
        isMuted = registered.subscription.isMuted
    }
}
