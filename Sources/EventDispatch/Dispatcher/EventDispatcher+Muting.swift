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
