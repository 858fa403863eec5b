extension Handle {
    /// A handler that is synchronous on an actor: in place when that actor fires, otherwise after a hop. The actor is
    /// retained as long as the handler.
    @inlinable
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
                inPlace: { event in
                    let event = event.event(as: Event.self)
                    return HandlerReply(try actor.assumeIsolated { try body($0, event) }, to: Event.self)
                },
                afterHop: { event, permit in
                    try await Self.start(on: actor, permit) {
                        HandlerReply(try body($0, event.event(as: Event.self)), to: Event.self)
                    }
                }
            )
        )
    }

    /// An asynchronous handler on an actor. The actor is retained as long as the handler.
    @inlinable
    @_disfavoredOverload
    public init<Isolation: Actor>(
        _ name: String = "",
        on actor: Isolation,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Isolation, Event) async throws -> Event.Reply
    ) {
        self.init(
            name,
            fileID,
            line,
            .onActor { event, permit in
                try await Self.start(on: actor, permit) {
                    HandlerReply(try await body($0, event.event(as: Event.self)), to: Event.self)
                }
            }
        )
    }

    /// Goes to an actor, and calls a closure there if it may still start.
    @usableFromInline
    static func start<Isolation: Actor>(
        on actor: isolated Isolation,
        _ permit: StartPermit,
        _ body: @Sendable (isolated Isolation) async throws -> HandlerReply
    ) async throws -> HandlerReply {
        if let refusal = permit.refusal { return refusal }
        return try await body(actor)
    }
}
