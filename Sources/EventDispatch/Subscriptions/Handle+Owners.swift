extension Handle {
    /// A synchronous handler that ends with its owner. The owner is held weakly, and passed to the closure.
    @inlinable
    public init<Owner: AnyObject & Sendable>(
        _ name: String = "",
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Owner, Event) throws -> Event.Reply
    ) {
        let reference = WeakReference(owner)
        self.init(
            name,
            fileID,
            line,
            owner: owner,
            .synchronous { event in
                guard let owner = reference.object else { return .ownerGone }
                return HandlerReply(try event.withEvent(as: Event.self) { try body(owner, $0) }, to: Event.self)
            }
        )
    }

    /// A synchronous handler on the main actor that ends with its owner.
    @inlinable
    public init<Owner: AnyObject & Sendable>(
        _ name: String = "",
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Owner, Event) throws -> Event.Reply
    ) {
        let reference = WeakReference(owner)
        self.init(
            name,
            fileID,
            line,
            owner: owner,
            .isolated(
                MainActor.shared,
                inPlace: { event in
                    guard let owner = reference.object else { return .ownerGone }
                    let event = event.event(as: Event.self)
                    return HandlerReply(try MainActor.assumeIsolated { try body(owner, event) }, to: Event.self)
                },
                afterHop: { event, permit in
                    let event = event.event(as: Event.self)
                    return try await { @MainActor in
                        if let refusal = permit.refusal { return refusal }
                        guard let owner = reference.object else { return .ownerGone }
                        return HandlerReply(try body(owner, event), to: Event.self)
                    }()
                }
            )
        )
    }

    /// An asynchronous handler that ends with its owner. Without an isolation of its own it runs on the actor that
    /// fires.
    @inlinable
    @_disfavoredOverload
    public init<Owner: AnyObject & Sendable>(
        _ name: String = "",
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Owner, Event) async throws -> Event.Reply
    ) {
        let reference = WeakReference(owner)
        self.init(
            name,
            fileID,
            line,
            owner: owner,
            .asynchronous { event, _ in
                guard let owner = reference.object else { return .ownerGone }
                return HandlerReply(try await body(owner, event.event(as: Event.self)), to: Event.self)
            }
        )
    }

    @usableFromInline
    init(
        _ name: String,
        _ fileID: String,
        _ line: Int,
        owner: any AnyObject & Sendable,
        _ body: HandlerBody
    ) {
        let location = CallSite(fileID: fileID, line: line)
        self.init(HandlerDeclaration(name: name, location: location, body: body, owner: ObjectLife(of: owner)))
    }
}
