extension EventDispatcher {
    /// Registers handlers.
    ///
    /// When this returns, the next fire sees all of them; fires under way see none. Handlers of equal phase and priority
    /// run in the order of their registration.
    ///
    /// - Parameter declarations: `On` blocks, for any events.
    /// - Returns: the subscription, which cancels all of them.
    /// - Throws: ``DispatchError``, with the place of the clause, for what can be known to be wrong: a limit below 1, an
    ///   empty range, a filter that can never match. Then nothing is registered.
    public func subscribe(
        @SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]
    ) throws(DispatchError) -> EventSubscription {
        var plans: [HandlerPlan] = []
        for declaration in declarations() { plans += try HandlerPlanner(declaration).plans }
        let subscription = EventSubscription(handlers: plans.count, registrar: registry)
        guard let location = plans.first?.handler.location else { return subscription }
        guard registry.register(plans, of: subscription) else {
            throw DispatchError(
                code: .registeringWhileRegistering,
                message: "an `==`, `hash` or `<` that a registration called subscribes to the same dispatcher",
                location: location
            )
        }
        return subscription
    }

    /// Ends all `weak:` handlers of an owner, in whatever subscriptions they stand.
    public func cancelAll(ownedBy owner: AnyObject) { registry.remove(ownedBy: owner) }
}
