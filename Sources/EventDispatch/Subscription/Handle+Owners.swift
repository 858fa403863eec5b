extension Handle {
    /// A synchronous handler that ends with its owner. The owner is held weakly, and passed to the closure.
    public init<Owner: AnyObject & Sendable>(
        _ name: String = "",
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Owner, Event) throws -> Event.Reply
    ) {
        let (owner, reference) = (HandlerOwner(owner), WeakReference(owner))
        self.init(name, fileID, line, owner, .synchronous { event in try reference.object.map { try body($0, event) } })
    }

    /// A synchronous handler on the main actor that ends with its owner.
    public init<Owner: AnyObject & Sendable>(
        _ name: String = "",
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Owner, Event) throws -> Event.Reply
    ) {
        let (owner, reference) = (HandlerOwner(owner), WeakReference(owner))
        self.init(
            name,
            fileID,
            line,
            owner,
            .isolated(
                MainActor.shared,
                inPlace: { event in
                    try reference.object.map { owner in try MainActor.assumeIsolated { try body(owner, event) } }
                },
                afterHop: { event in
                    guard let owner = reference.object else { return nil }
                    return try await body(owner, event)
                }
            )
        )
    }

    /// An asynchronous handler that ends with its owner. Without an isolation of its own it runs on the actor that
    /// fires.
    @_disfavoredOverload
    public init<Owner: AnyObject & Sendable>(
        _ name: String = "",
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Owner, Event) async throws -> Event.Reply
    ) {
        let (owner, reference) = (HandlerOwner(owner), WeakReference(owner))
        self.init(
            name,
            fileID,
            line,
            owner,
            .asynchronous { event in
                guard let owner = reference.object else { return nil }
                return try await body(owner, event)
            }
        )
    }

    private init(
        _ name: String,
        _ fileID: String,
        _ line: Int,
        _ owner: HandlerOwner,
        _ body: HandlerBody<Event>
    ) {
        let location = CallSite(fileID: fileID, line: line)
        self.init(HandlerDeclaration(name: name, location: location, body: body, owner: owner))
    }
}
