/// A handler that an event would run.
public struct MatchedHandler: Hashable, Sendable, CustomStringConvertible {
    /// The handler's name and where it was declared.
    public let handler: HandlerLabel
    /// The name of the phase that it runs in.
    public let phase: String
    /// Its priority in the phase.
    public let priority: Int
    /// Its filter as Swift source; nil without one.
    public let filter: String?
    /// How many starts its limits leave; nil without a limit that can tell.
    public let startsLeft: Int?
    /// Whether it has to be awaited, and so can't be run by `fireSynchronously`; for one that is bound to an actor, from elsewhere.
    public let isAsynchronous: Bool
    /// Whether it is bound to an actor, and need not be awaited by a caller on that actor.
    public let isBoundToActor: Bool

    /// The handler and all that is special about it, on one line.
    public var description: String {
        isAsynchronous ? "\(listed), has to be awaited\(isBoundToActor ? " outside its actor" : "")" : listed
    }

    /// The handler, its priority, filter and limit, on one line.
    var listed: String {
        var parts = [handler.description]
        if priority != 0 { parts.append("priority \(priority)") }
        if let filter { parts.append("where \(filter)") }
        if let startsLeft { parts.append("\(counted(startsLeft, "start")) left") }
        return parts.joined(separator: ", ")
    }
}

extension MatchedHandler {
    init(_ handler: RegisteredHandler, filter: String?) {
        self.handler = handler.label
        phase = handler.phase.name
        priority = handler.order.priority
        self.filter = filter
        startsLeft = handler.startsLeft
        isAsynchronous = !handler.isSynchronous
        isBoundToActor = handler.isBoundToActor
    }
}
