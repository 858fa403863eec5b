extension Handle {
    /// A handler that is synchronous on an actor: in place when that actor fires, otherwise after a hop. The actor is
    /// retained as long as the handler.
    public init<Isolation: Actor>(
        _ name: String = "",
        on actor: Isolation,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Isolation, Event) throws -> Event.Reply
    ) {
        self.init(
            name,
            fileID,
            line,
            .isolated(
                actor,
                inPlace: { event in try actor.assumeIsolated { try body($0, event) } },
                afterHop: { event in try await body(actor, event) }
            )
        )
    }

    /// An asynchronous handler on an actor. The actor is retained as long as the handler.
    @_disfavoredOverload
    public init<Isolation: Actor>(
        _ name: String = "",
        on actor: Isolation,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Isolation, Event) async throws -> Event.Reply
    ) {
        self.init(name, fileID, line, .asynchronous { event in try await body(actor, event) })
    }
}
