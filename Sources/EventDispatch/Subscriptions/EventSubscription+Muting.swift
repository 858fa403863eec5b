extension EventSubscription {
    /// Keeps the subscription's handlers from starting while a closure runs.
    ///
    /// ```swift
    /// try subscription.muted { try dispatcher.fireSynchronously(ImportBegun()) }
    /// ```
    ///
    /// For an event that is fired meanwhile, by whatever task, they are no match, and it uses up none of their limits. One that
    /// had matched before is skipped, with `.muted` as reason; one that had started goes on. Other subscriptions are not concerned.
    ///
    /// Mutings nest and may overlap: handlers start again when the last has ended. It ends also when the closure throws.
    ///
    /// - Returns: what the closure returns.
    @discardableResult
    public func muted<Result>(_ body: () throws -> Result) rethrows -> Result {
        mute(.begin)
        defer { mute(.end) }
        return try body()
    }

    /// Keeps the subscription's handlers from starting while an asynchronous closure runs, on the caller's actor.
    ///
    /// - Returns: what the closure returns.
    @discardableResult
    @_disfavoredOverload
    public nonisolated(nonsending) func muted<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async rethrows -> Result {
        mute(.begin)
        defer { mute(.end) }
        return try await body()
    }
}
