/// The handlers of one type of event, and the answer to which of them an event matches.
///
/// It asks every handler's filter in turn. This is the seam where an index stands in for it: what the dispatcher needs
/// of a matcher is `insert`, `remove` and `matches`, in dispatch order.
struct LinearMatcher: Sendable {
    /// In dispatch order.
    private(set) var handlers: [RegisteredHandler] = []

    /// Adds handlers.
    mutating func insert(_ new: [RegisteredHandler]) {
        guard let only = new.first, new.count == 1 else {
            handlers += new
            handlers.sort { $0.order < $1.order }
            return
        }
        var (low, high) = (handlers.startIndex, handlers.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if handlers[middle].order < only.order { low = middle + 1 } else { high = middle }
        }
        handlers.insert(only, at: low)
    }

    /// Takes out the handlers that a condition names, and returns them, so that the caller decides where they are freed.
    mutating func remove(where shouldRemove: (RegisteredHandler) -> Bool) -> [RegisteredHandler] {
        var removed: [RegisteredHandler] = []
        handlers.removeAll { handler in
            let isRemoved = shouldRemove(handler)
            if isRemoved { removed.append(handler) }
            return isRemoved
        }
        return removed
    }

    /// The handlers that an event matches, in dispatch order. Calls users' closures.
    func matches(_ event: EventReference) -> [RegisteredHandler] {
        guard let refused = handlers.firstIndex(where: { !$0.matches(event) }) else { return handlers }
        return handlers[..<refused] + handlers[(refused + 1)...].filter { $0.matches(event) }
    }
}
