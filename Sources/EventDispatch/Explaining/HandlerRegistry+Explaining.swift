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
        let snapshot = inspect(event.eventType) { TableSnapshot($0, version: $1, of: subscription) }
        if let subscription, subscription.isOver {
            explainer.note(.cancelled, removed: subscription.declaredHandlers)
            return explainer.end()
        }
        if let snapshot {
            let (candidates, matches) = pinned {
                (snapshot.candidates(for: event), subscription == nil ? snapshot.matches(for: event) : nil)
            }
            explainer.explain(snapshot, candidates: candidates, matches: matches)
        }
        if let ended = snapshot?.ended ?? subscription?.endedHandlers {
            explainer.note(.ownerGone, removed: ended.ownerGone)
            explainer.note(.cancelled, removed: ended.cancelled)
            explainer.note(.limit, removed: ended.usedUp)
        }
        return explainer.end()
    }
}
