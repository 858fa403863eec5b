extension EventDispatcher {
    /// Lets an observer watch what the dispatcher does, from the next fire on.
    ///
    /// - Returns: the way to end it; may be discarded where the observer stays as long as the dispatcher.
    @discardableResult
    public func observe(with observer: any DispatchObserver) -> ObserverRegistration {
        let recorder = observer as? any DispatchRecorder
        recorder?.begin(observing: self)
        return ObserverRegistration(of: observers, id: observers.add(observer, recorder: recorder))
    }
}

/// A recorder that knows whom it observes.
package protocol DispatchRecorder: FireRecorder {
    /// It observes a dispatcher from now on.
    func begin(observing dispatcher: EventDispatcher)
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
