extension EventSubscription {
    /// Ends the subscription as ``cancel()`` does, and waits until none of its handlers is running, those included that
    /// have overrun a time-out.
    ///
    /// Called from one of its own handlers, or from a fire that such a handler waits for, it does not wait for that handler.
    /// Of handlers that run in place it is not known whose they are: it waits for all fires of the dispatcher that run in
    /// place, which can't suspend.
    /// Handlers of different subscriptions that wait for each other's end wait for ever.
    /// Cancelling the calling task does not end the wait.
    public func cancelAndWait() async {
        cancel()
        await waitUntilNoneRuns(
            but: HandlerScope.current?.enclosing.filter { $0.handler?.subscription === self && $0.isCounted } ?? []
        )
        await registrar?.waitForFiresInPlace()
    }
}
