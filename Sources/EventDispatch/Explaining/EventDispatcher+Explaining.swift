extension EventDispatcher {
    /// Explains what a fire of an event would do, and why, as a database explains a query: which tables the event's keys are looked
    /// up in, which handlers it matches and in which order they would start, and which conditions kept the others.
    ///
    /// ```swift
    /// print(dispatcher.explain(UserCreated(name: "susan", role: .user)))
    /// ```
    ///
    /// It runs no handler and uses up no limit, whether the dispatcher is started or not, and may be called from anywhere, also from
    /// handlers and while others subscribe. Closures in filters are asked, as by a fire, and some a second time, to tell which of
    /// several did not hold; and so are keys that are computed. What is subscribed or cancelled meanwhile may be seen or not.
    ///
    /// It takes time and, until it returns, memory in proportion to the number of handlers of the event's type: a fire is fast
    /// because it does not look at those that it does not match.
    public func explain<Event: MatchableEvent>(_ event: Event) -> MatchExplanation {
        explain(event, nil)
    }

    /// Explains why the handlers of one subscription match an event or not, as ``explain(_:)`` does for all.
    ///
    /// No other handler's closures are asked. Handlers of the subscription that are gone, because they are cancelled, used up or
    /// have lost their owner, are counted among the obstacles.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - subscription: the subscription, of this dispatcher.
    public func explain<Event: MatchableEvent>(_ event: Event, _ subscription: EventSubscription) -> MatchExplanation {
        explain(event, Optional(subscription))
    }

    private func explain<Event: MatchableEvent>(_ event: Event, _ subscription: EventSubscription?) -> MatchExplanation
    {
        // Who waits for fires to end waits for pins.
        defer { activity.noteEnd() }
        return withUnsafePointer(to: event) { registry.explain(EventReference($0), subscription) }
    }
}
