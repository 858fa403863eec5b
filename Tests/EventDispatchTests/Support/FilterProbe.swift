import EventDispatch

/// Filters that are registered together, and which of them an event reaches.
struct FilterProbe<Event: MatchableEvent> where Event.Reply == Void {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private var filters: [Filter<Event>] = []
    private var subscriptions: [EventSubscription] = []

    init(_ filters: [Filter<Event>]) throws(DispatchError) {
        for filter in filters { try add(filter) }
    }

    /// Registers another filter.
    mutating func add(_ filter: Filter<Event>) throws(DispatchError) {
        let index = filters.count
        let subscription = try dispatcher.on(Event.self, where: filter) { [journal] _ in journal.note("\(index)") }
        filters.append(filter)
        subscriptions.append(subscription)
    }

    /// The indices of the filters whose handlers run for an event, as often as they run.
    func reached(by event: Event) throws -> [Int] {
        let noted = journal.entries.count
        try dispatcher.fireSynchronously(event)
        return journal.entries.dropFirst(noted).compactMap { Int($0) }
    }

    /// The indices of the filters that hold for an event when they are asked themselves.
    func holding(for event: Event) -> [Int] { filters.indices.filter { filters[$0].matches(event) } }

    /// Cancels a filter's subscription.
    func cancel(_ index: Int) { subscriptions[index].cancel() }

    /// How many handlers there are.
    var count: Int { dispatcher.handlers.count }
}
