extension EventDispatcher {
    /// Registers handlers.
    ///
    /// When this returns, the next fire sees all of them; fires under way see none. Handlers of equal phase and priority
    /// run in the order of their registration.
    ///
    /// - Parameters:
    ///   - id: a name by which the subscription can be found and cancelled later. It takes the place of a subscription that has the
    ///     ID: a fire that has begun goes on with the old handlers, each later one sees the new, and so every event reaches exactly
    ///     one of both.
    ///   - declarations: `On` blocks, for any events.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: the subscription, which cancels all of them.
    /// - Throws: ``DispatchError``, with the place of the clause, for a mistake in a declaration: a limit below 1, an
    ///   empty range, a filter that can never match. Then nothing is registered.
    public func subscribe(
        id: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        @SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]
    ) throws(DispatchError) -> EventSubscription {
        let location = CallSite(fileID: fileID, line: line)
        return try register(declarations(), id: id, at: location)
    }

    /// Ends the subscription of an ID, as its ``EventSubscription/cancel()`` does.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public func cancel(id: String) -> Bool {
        guard let subscription = registry.subscription(id: id) else { return false }
        subscription.cancel()
        return true
    }

    /// The subscription of an ID; nil when there is none, or none of its handlers can start any more.
    public func subscription(id: String) -> EventSubscription? { registry.subscription(id: id) }

    /// Ends all `weak:` handlers of an owner, in whatever subscriptions they stand: none of them starts any more, not even in fires
    /// that are under way.
    public func cancelAll(ownedBy owner: AnyObject) { registry.remove(ownedBy: owner) }

    /// Ends every subscription of the dispatcher, as its ``EventSubscription/cancel()`` does: those of signals too, and of sequences and
    /// waits, which end with it. What is subscribed meanwhile may stay. Handlers that are running go on to their end.
    public func cancelAll() { registry.cancelAll() }

    func register(
        _ declarations: [SubscriptionDeclaration],
        id: String? = nil,
        at location: CallSite
    ) throws(DispatchError) -> EventSubscription {
        var plans: [HandlerPlan] = []
        for declaration in declarations { plans += try HandlerPlanner(declaration, on: clock).plans }
        let subscription = EventSubscription(id: id, plans, registrar: registry)
        if plans.isEmpty, id == nil { return subscription }
        try register(plans, of: subscription, at: location)
        return subscription
    }

    /// Registers the handlers of a subscription that was made for them.
    func register(
        _ plans: [HandlerPlan],
        of subscription: EventSubscription,
        at location: CallSite
    ) throws(DispatchError) {
        guard registry.register(plans, of: subscription) else { throw .registeringWhileRegistering(at: location) }
    }
}

extension EventDispatcher {
    /// Registers handlers for as long as a closure runs.
    ///
    /// ```swift
    /// try dispatcher.withSubscription {
    ///     On(UserCreated.self) { Handle { event in print(event.name) } }
    /// } perform: {
    ///     try dispatcher.fireSynchronously(UserCreated(name: "susan", role: .admin, logins: 0))
    /// }
    /// ```
    ///
    /// The subscription is cancelled when the closure returns or throws.
    ///
    /// - Parameters:
    ///   - declarations: `On` blocks, for any events.
    ///   - body: runs while the handlers are registered.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the closure returns.
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does, before the closure runs; and what the
    ///   closure throws.
    @discardableResult
    public func withSubscription<Result>(
        fileID: String = #fileID,
        line: Int = #line,
        @SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration],
        perform body: () throws -> Result
    ) throws -> Result {
        let subscription = try register(declarations(), at: CallSite(fileID: fileID, line: line))
        defer { subscription.cancel() }
        return try body()
    }

    /// Registers handlers for as long as an asynchronous closure runs, on the caller's actor.
    ///
    /// - Parameters:
    ///   - declarations: `On` blocks, for any events.
    ///   - body: runs while the handlers are registered.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the closure returns.
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does, before the closure runs; and what the
    ///   closure throws.
    @discardableResult
    @_disfavoredOverload
    public nonisolated(nonsending) func withSubscription<Result>(
        fileID: String = #fileID,
        line: Int = #line,
        @SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration],
        perform body: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        let subscription = try register(declarations(), at: CallSite(fileID: fileID, line: line))
        defer { subscription.cancel() }
        return try await body()
    }
}

// Called `register`, not `subscribe`: with an overload that takes a subscriber, a mistake in the block of `subscribe` would be reported
// as a closure that is no subscriber.

extension EventDispatcher {
    /// Registers all handlers of a subscriber, of this one instance, as one subscription.
    ///
    /// - Parameters:
    ///   - subscriber: what says which blocks to subscribe.
    ///   - id: a name by which the subscription can be found and cancelled later; another that has it is cancelled.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: the subscription, which cancels all of them.
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
    public func register(
        _ subscriber: some EventSubscriber,
        id: String? = nil,
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> EventSubscription {
        let location = CallSite(fileID: fileID, line: line)
        return try register(subscriber.handlers, id: id, at: location)
    }
}
