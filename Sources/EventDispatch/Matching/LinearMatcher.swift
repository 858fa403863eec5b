/// The handlers of one type of event, and the answer to which of them an event matches.
///
/// It asks every handler's filter in turn. This is the seam where an index stands in for it: what the dispatcher needs
/// of a matcher is `insert`, `remove` and `matches`, in dispatch order.
struct LinearMatcher<Event: MatchableEvent>: Sendable {
    /// In dispatch order.
    private(set) var handlers: [RegisteredHandler<Event>] = []

    /// Adds handlers.
    mutating func insert(_ new: [RegisteredHandler<Event>]) {
        handlers += new
        handlers.sort { $0.order < $1.order }
    }

    /// Takes out the handlers that a condition names, and returns them, so that the caller decides where they are freed.
    mutating func remove(where shouldRemove: (RegisteredHandler<Event>) -> Bool) -> [RegisteredHandler<Event>] {
        var kept: [RegisteredHandler<Event>] = []
        var removed: [RegisteredHandler<Event>] = []
        for handler in handlers {
            if shouldRemove(handler) { removed.append(handler) } else { kept.append(handler) }
        }
        handlers = kept
        return removed
    }

    /// The handlers that an event matches, in dispatch order. Calls users' closures.
    func matches(_ event: Event) -> [RegisteredHandler<Event>] {
        handlers.filter { $0.matches(event) }
    }
}
