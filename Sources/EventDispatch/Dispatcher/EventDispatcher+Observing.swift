extension EventDispatcher {
    /// Lets an observer watch what the dispatcher does, from the next fire on.
    ///
    /// - Returns: the way to end it; may be discarded where the observer stays as long as the dispatcher.
    @discardableResult
    public func observe(with observer: any DispatchObserver) -> ObserverRegistration {
        ObserverRegistration(of: observers, id: observers.add(observer))
    }
}

extension EventDispatcher {
    /// Mutes all subscriptions that there are, while a closure runs.
    package nonisolated(nonsending) func withAllMuted<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async rethrows -> Result {
        let subscriptions = Set(registry.handlers.map(\.subscription))
        for subscription in subscriptions { subscription.mute(.begin) }
        defer { for subscription in subscriptions { subscription.mute(.end) } }
        return try await body()
    }
}
