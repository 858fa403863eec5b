/// A filter, whatever the event.
protocol EventFilter: Sendable, CustomStringConvertible {
    /// Whether the filter holds for an event of its type.
    func matches(_ event: EventReference) -> Bool
}

extension Filter: EventFilter {
    func matches(_ event: EventReference) -> Bool { matches(event.event(as: Event.self)) }
}
