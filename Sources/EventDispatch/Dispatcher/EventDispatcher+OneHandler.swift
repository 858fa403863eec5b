// A closure isn't a `Handle` to the compiler, so each form of `Handle` is an overload; they are kept apart as there.

extension EventDispatcher {
    /// Registers one handler, in any of the forms of ``Handle``, with its modifiers.
    ///
    /// ```swift
    /// let greeting = try dispatcher.on(UserCreated.self, Handle("greeting") { event in print("hello \(event.name)") }.once())
    /// ```
    ///
    /// - Parameters:
    ///   - event: the type of the events.
    ///   - filter: which of them are for the handler; all of them without one.
    ///   - phase: the phase in which the handler runs.
    ///   - handle: the handler.
    /// - Returns: the subscription, which cancels the handler.
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
    public func on<Event: MatchableEvent>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        _ handle: Handle<Event>
    ) throws(DispatchError) -> EventSubscription {
        let location = handle.declaration.location
        return try subscribe(fileID: location.fileID, line: location.line) {
            On(event) {
                if let filter { Where(filter, fileID: location.fileID, line: location.line) }
                Phase(phase) { handle }
            }
        }
    }

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
        try on(event, where: filter, during: phase, Handle(fileID: fileID, line: line, body))
    }

    /// Registers one synchronous handler on the main actor.
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
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
        try on(event, where: filter, during: phase, Handle(fileID: fileID, line: line, isolation: isolation, body))
    }

    /// Registers one asynchronous handler.
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
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
        try on(event, where: filter, during: phase, Handle(fileID: fileID, line: line, body))
    }

    /// Registers one synchronous handler that ends with its owner.
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
    @inlinable
    @_disfavoredOverload
    public func on<Event: MatchableEvent, Owner: AnyObject & Sendable>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Owner, Event) throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try on(event, where: filter, during: phase, Handle(weak: owner, fileID: fileID, line: line, body))
    }

    /// Registers one synchronous handler on the main actor that ends with its owner.
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
    @inlinable
    @_disfavoredOverload
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
        return try on(event, where: filter, during: phase, handle)
    }

    /// Registers one asynchronous handler that ends with its owner.
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
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
        try on(event, where: filter, during: phase, Handle(weak: owner, fileID: fileID, line: line, body))
    }

    /// Registers one handler that is synchronous on an actor and ends with it. The actor is held weakly.
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
    @inlinable
    public func on<Event: MatchableEvent, Owner: Actor>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Owner, Event) throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try on(event, where: filter, during: phase, Handle(weak: owner, fileID: fileID, line: line, body))
    }

    /// Registers one asynchronous handler on an actor that ends with it. The actor is held weakly.
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
    @inlinable
    @_disfavoredOverload
    public func on<Event: MatchableEvent, Owner: Actor>(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Owner, Event) async throws -> Event.Reply
    ) throws(DispatchError) -> EventSubscription {
        try on(event, where: filter, during: phase, Handle(weak: owner, fileID: fileID, line: line, body))
    }

    /// Registers one handler that is synchronous on an actor.
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
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
        try on(event, where: filter, during: phase, Handle(on: actor, fileID: fileID, line: line, body))
    }

    /// Registers one asynchronous handler on an actor.
    ///
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
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
        try on(event, where: filter, during: phase, Handle(on: actor, fileID: fileID, line: line, body))
    }
}
