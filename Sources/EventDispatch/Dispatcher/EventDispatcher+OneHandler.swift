extension EventDispatcher {
    /// Registers one synchronous handler.
    ///
    /// ```swift
    /// let greeting = try dispatcher.on(UserCreated.self, where: \.role == .user) { event in
    ///     print("hello \(event.name)")
    /// }
    /// ```
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
    @inlinable
    public func on<Event: MatchableEvent>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Event) throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try subscribe(Handle(fileID: fileID, line: line, body), where: filter, during: phase)
    }

    /// Registers one synchronous handler on the main actor.
    @inlinable
    public func on<Event: MatchableEvent>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Event) throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try subscribe(Handle(fileID: fileID, line: line, isolation: isolation, body), where: filter, during: phase)
    }

    /// Registers one asynchronous handler.
    @inlinable
    @_disfavoredOverload
    public func on<Event: MatchableEvent>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Event) async throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try subscribe(Handle(fileID: fileID, line: line, body), where: filter, during: phase)
    }

    /// Registers one synchronous handler that ends with its owner.
    @inlinable
    public func on<Event: MatchableEvent, Owner: AnyObject & Sendable>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Owner, Event) throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try subscribe(Handle(weak: owner, fileID: fileID, line: line, body), where: filter, during: phase)
    }

    /// Registers one synchronous handler on the main actor that ends with its owner.
    @inlinable
    public func on<Event: MatchableEvent, Owner: AnyObject & Sendable>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Owner, Event) throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        let handle = Handle(weak: owner, fileID: fileID, line: line, isolation: isolation, body)
        return try subscribe(handle, where: filter, during: phase)
    }

    /// Registers one asynchronous handler that ends with its owner.
    @inlinable
    @_disfavoredOverload
    public func on<Event: MatchableEvent, Owner: AnyObject & Sendable>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Owner, Event) async throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try subscribe(Handle(weak: owner, fileID: fileID, line: line, body), where: filter, during: phase)
    }

    /// Registers one handler that is synchronous on an actor.
    @inlinable
    public func on<Event: MatchableEvent, Isolation: Actor>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        on actor: Isolation,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Isolation, Event) throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try subscribe(Handle(on: actor, fileID: fileID, line: line, body), where: filter, during: phase)
    }

    /// Registers one asynchronous handler on an actor.
    @inlinable
    @_disfavoredOverload
    public func on<Event: MatchableEvent, Isolation: Actor>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        on actor: Isolation,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Isolation, Event) async throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try subscribe(Handle(on: actor, fileID: fileID, line: line, body), where: filter, during: phase)
    }

    @usableFromInline
    func subscribe<Event: MatchableEvent>(
        _ handle: Handle<Event>,
        where filter: Filter<Event>?,
        during phase: Event.Phases
    ) throws(DispatchError) -> EventSubscription {
        let location = handle.declaration.location
        return try subscribe(fileID: location.fileID, line: location.line) {
            On(Event.self) {
                if let filter { Where(filter, fileID: location.fileID, line: location.line) }
                Phase(phase) { handle }
            }
        }
    }
}
