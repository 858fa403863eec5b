// What keeps the kinds of closure apart: the asynchronous overloads are disfavoured, so that a closure that could be
// either is synchronous; and the main-actor one has a parameter of its own, without which it would be a redeclaration.
//
// All of them are inlinable, so that the closures that they make are specialised for the event where it is known.

extension Handle {
    /// A synchronous handler. It runs in place, on whatever thread or actor fires.
    @inlinable
    public init(
        _ name: String,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Event) throws -> Event.Reply
    ) {
        self.init(
            name,
            fileID,
            line,
            .synchronous { event in HandlerReply(try event.withEvent(as: Event.self, body), to: Event.self) }
        )
    }

    /// A synchronous handler on the main actor: in place when the main actor fires, otherwise after a hop.
    @inlinable
    public init(
        _ name: String,
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Event) throws -> Event.Reply
    ) {
        self.init(
            name,
            fileID,
            line,
            .isolated(
                MainActor.shared,
                inPlace: { event in
                    let event = event.event(as: Event.self)
                    return HandlerReply(try MainActor.assumeIsolated { try body(event) }, to: Event.self)
                },
                afterHop: { event, permit in
                    let event = event.event(as: Event.self)
                    return try await { @MainActor in
                        if let refusal = permit.refusal { return refusal }
                        return HandlerReply(try body(event), to: Event.self)
                    }()
                }
            )
        )
    }

    /// An asynchronous handler. Without an isolation of its own it runs on the actor that fires.
    @inlinable
    @_disfavoredOverload
    public init(
        _ name: String,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Event) async throws -> Event.Reply
    ) {
        self.init(
            name,
            fileID,
            line,
            .asynchronous { event, _ in HandlerReply(try await body(event.event(as: Event.self)), to: Event.self) }
        )
    }

    @usableFromInline
    init(_ name: String, _ fileID: String, _ line: Int, _ body: HandlerBody) {
        self.init(HandlerDeclaration(name: name, location: CallSite(fileID: fileID, line: line), body: body))
    }
}
