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
