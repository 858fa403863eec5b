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

extension HandlerRegistry {
    /// Explains what becomes of an event: which handlers it matches and why others not.
    ///
    /// - Parameter subscription: whose handlers to explain; nil for all.
    func explain(_ event: EventReference, _ subscription: EventSubscription?) -> MatchExplanation {
        var explainer = MatchExplainer(event, isOfOneSubscription: subscription != nil)
        if let subscription, (subscription.registrar as AnyObject?) !== self {
            explainer.note(.otherDispatcher, removed: subscription.declaredHandlers)
            return explainer.end()
        }
        // Pinned before it is taken: what a snapshot shows stays in the tables until they are asked.
        let found = pinned {
            inspect(event.eventType) { TableSnapshot($0, version: $1, of: subscription) }.map { snapshot in
                let matches = subscription == nil ? snapshot.matches(for: event) : nil
                return (snapshot: snapshot, candidates: snapshot.candidates(for: event), matches: matches)
            }
        }
        if let subscription, subscription.isOver {
            explainer.note(.cancelled, removed: subscription.declaredHandlers)
            return explainer.end()
        }
        if let found {
            explainer.explain(found.snapshot, candidates: found.candidates, matches: found.matches)
        }
        if let ended = found?.snapshot.ended ?? subscription?.endedHandlers {
            explainer.note(.ownerGone, removed: ended.ownerGone)
            explainer.note(.cancelled, removed: ended.cancelled)
            explainer.note(.limit, removed: ended.usedUp)
        }
        return explainer.end()
    }
}

/// An event that is explained, as a handler receives it: itself, or as an ``AnyEvent``.
final class ExplainedEvent {
    let values: KeyValues
    private let finder: FailureFinder
    /// The copy of the event; nil for one that somebody else keeps.
    private let copy: EventCopy?

    init(_ event: EventReference, keptBy copy: EventCopy? = nil) {
        self.copy = copy
        values = KeyValues(event)
        finder = FailureFinder(event: event, values: values)
    }

    /// The first part of a filter that does not hold, as a `FailureFinder` tells it; nil when the filter holds.
    func failure(of filter: FilterNode, isKnownToFail: Bool) -> FailedPart? {
        finder.failure(of: filter, isKnownToFail: isKnownToFail).map { FailedPart($0) }
    }

    /// Of the parts of a filter that does not hold, how many don't.
    func failureCount(of filter: FilterNode) -> Int { finder.failureCount(of: filter) }
}
