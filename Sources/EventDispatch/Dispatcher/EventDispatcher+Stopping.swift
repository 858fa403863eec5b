extension EventDispatcher {
    /// Lets events be fired and posted from now on. A stop that is still waiting waits no longer.
    public func start() { activity.start() }

    /// Refuses new events, waits until all that were accepted have been handled, and reports what is left.
    ///
    /// From the call on, `fire` throws and `post` is refused and counted; a fire from a handler that is still running is
    /// allowed, so that what has begun can end. Debounced handlers that wait for further events start at once. Then it waits for the queue, for every fire in progress, and for handlers
    /// that ignored their time-out. At the deadline, or when the calling task is cancelled, it waits no longer: what is left
    /// in the queue is dropped, and what runs goes on by itself. Subscriptions stay; sequences of events end, and so do the waits of
    /// ``next(of:where:during:timeout:fileID:line:)``.
    ///
    /// Called from a handler, it does not wait for the fires that wait for that handler, and reports them as in progress;
    /// from the handler of a posted event it drops the rest of the queue, whose turn can't come before that handler ends.
    ///
    /// - Parameter deadline: how long to wait, on the dispatcher's clock; without one, until all is done.
    /// - Returns: what was left.
    @discardableResult
    public func stop(deadline: Duration? = nil) async -> StopReport {
        let end = deadline.map { Deadline(in: $0, on: clock) }
        let (refused, starts) = activity.beginStop()
        pendingStarts.startAll()
        tellDropped(refused.map(\.event), reason: .stopped)
        for producer in refused {
            producer.continuation.resume(
                returning: refusal(of: type(of: producer.event), "posted", in: .stopping, at: producer.location)
            )
        }
        var undelivered: [any MatchableEvent] = []
        if isInPostedHandler {
            undelivered = activity.dropEvents()
            tellDropped(undelivered, reason: .undelivered)
        }
        let firesLeft = await activity.wait(asStop: true, insideOf: enclosingHandlers, until: end)
        let (report, dropped, isStopped) = activity.endStop(
            begunAfter: starts,
            undelivered: undelivered,
            firesLeft: firesLeft
        )
        tellDropped(dropped, reason: .undelivered)
        if isStopped { consumers.cancel(fromBefore: starts) }
        return report
    }
}

extension EventSubscription {
    /// Ends the subscription as ``cancel()`` does, and waits until none of its handlers is running, those included that
    /// have overrun a time-out.
    ///
    /// Called from one of its own handlers, or from a fire that such a handler waits for, it does not wait for that handler.
    /// Of handlers that run in place it is not known whose they are: it waits for all fires of the dispatcher that run in
    /// place, which can't suspend.
    /// Handlers of different subscriptions that wait for each other's end deadlock.
    /// Cancelling the calling task does not end the wait.
    public func cancelAndWait() async { await Self.cancelAndWait([self]) }

    /// Cancels subscriptions, and waits until none of their handlers is running but those that wait so themselves.
    fileprivate static func cancelAndWait(_ subscriptions: [EventSubscription]) async {
        for subscription in subscriptions { subscription.cancel() }
        let ids = Set(subscriptions.map { ObjectIdentifier($0) })
        var own: [ObjectIdentifier: [RunScope]] = [:]
        for scope in RunScope.current?.enclosing ?? [] where scope.isCounted {
            guard let id = scope.handler.map({ ObjectIdentifier($0.subscription) }), ids.contains(id) else { continue }
            own[id, default: []].append(scope)
        }
        // First all that wait are noted, for as long as they do. Of two handlers of different subscriptions that wait for both, each
        // finds the other among those that wait, whichever comes first.
        for subscription in subscriptions { subscription.beginWaits(of: own[ObjectIdentifier(subscription)] ?? []) }
        let inside = own.values.flatMap { $0 }
        for subscription in subscriptions { await subscription.waitUntilNoneRuns(insideOf: inside) }
        for subscription in subscriptions { subscription.endWaits(of: own[ObjectIdentifier(subscription)] ?? []) }
        var waited: Set<ObjectIdentifier> = []
        for subscription in subscriptions {
            guard let registrar = subscription.registrar, waited.insert(ObjectIdentifier(registrar)).inserted else {
                continue
            }
            await registrar.waitForFiresInPlace()
        }
    }
}

extension SubscriptionBag {
    /// Cancels what the bag holds as ``cancel()`` does, and waits until none of those handlers is running, those included that have
    /// overrun a time-out.
    ///
    /// Called from one of the handlers, or from a fire that one waits for, it does not wait for that handler, nor for others that
    /// wait for the bag or for their own subscription. Otherwise it's as with ``EventSubscription/cancelAndWait()``.
    public func cancelAndWait() async {
        let subscriptions = subscriptions
        await EventSubscription.cancelAndWait(subscriptions)
        remove(subscriptions)
    }
}
