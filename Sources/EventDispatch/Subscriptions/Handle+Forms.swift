// How the kinds of closure are kept apart: the asynchronous overloads are disfavoured, so that a closure that could be
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
            .synchronous(InPlaceBody(body, for: Event.self))
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
                ObjectIdentifier(MainActor.shared),
                inPlace: InPlaceBody { event in
                    let event = event.event(as: Event.self)
                    return HandlerReply(try MainActor.assumeIsolated { try body(event) }, to: Event.self)
                },
                afterHop: { event, permit in
                    let event = event.event(as: Event.self)
                    return try await { @MainActor in
                        if let refusal = permit.refusal { return .refused(refusal) }
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

// Initializers of their own, not a name that may be left out: a function that is passed without one, `Handle(audit)`, would be
// taken for the name.

extension Handle {
    /// A synchronous handler without a name. It runs in place, on whatever thread or actor fires.
    @inlinable
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Event) throws -> Event.Reply
    ) {
        self.init("", fileID: fileID, line: line, body)
    }

    /// A synchronous handler without a name, on the main actor: in place when the main actor fires, otherwise after a hop.
    @inlinable
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Event) throws -> Event.Reply
    ) {
        self.init("", fileID: fileID, line: line, isolation: isolation, body)
    }

    /// An asynchronous handler without a name. Without an isolation of its own it runs on the actor that fires.
    @inlinable
    @_disfavoredOverload
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Event) async throws -> Event.Reply
    ) {
        self.init("", fileID: fileID, line: line, body)
    }
}

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
                ObjectIdentifier(actor),
                inPlace: InPlaceBody { event in
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
        if let refusal = permit.refusal { return .refused(refusal) }
        return try await body(actor)
    }
}

extension Handle {
    /// A synchronous handler that ends with its owner. The owner is held weakly, and passed to the closure.
    @inlinable
    @_disfavoredOverload
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
            .synchronous(
                InPlaceBody { event in
                    guard let owner = reference.object else { return .refused(.ownerGone) }
                    return HandlerReply(try event.withEvent(as: Event.self) { try body(owner, $0) }, to: Event.self)
                }
            )
        )
    }

    /// A synchronous handler on the main actor that ends with its owner.
    @inlinable
    @_disfavoredOverload
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
                ObjectIdentifier(MainActor.shared),
                inPlace: InPlaceBody { event in
                    guard let owner = reference.object else { return .refused(.ownerGone) }
                    let event = event.event(as: Event.self)
                    return HandlerReply(try MainActor.assumeIsolated { try body(owner, event) }, to: Event.self)
                },
                afterHop: { event, permit in
                    let event = event.event(as: Event.self)
                    return try await { @MainActor in
                        if let refusal = permit.refusal { return .refused(refusal) }
                        guard let owner = reference.object else { return .refused(.ownerGone) }
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
                guard let owner = reference.object else { return .refused(.ownerGone) }
                return HandlerReply(try await body(owner, event.event(as: Event.self)), to: Event.self)
            }
        )
    }

    /// A handler that is synchronous on an actor and ends with it: in place when that actor fires, otherwise after a hop. The actor is
    /// held weakly, and passed to the closure.
    @inlinable
    public init<Owner: Actor>(
        _ name: String = "",
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Owner, Event) throws -> Event.Reply
    ) {
        let reference = WeakReference(owner)
        self.init(
            name,
            fileID,
            line,
            owner: owner,
            .isolated(
                ObjectIdentifier(owner),
                inPlace: InPlaceBody { event in
                    guard let owner = reference.object else { return .refused(.ownerGone) }
                    let event = event.event(as: Event.self)
                    return HandlerReply(try owner.assumeIsolated { try body($0, event) }, to: Event.self)
                },
                afterHop: { event, permit in
                    guard let owner = reference.object else { return .refused(.ownerGone) }
                    return try await Self.start(on: owner, permit) {
                        HandlerReply(try body($0, event.event(as: Event.self)), to: Event.self)
                    }
                }
            )
        )
    }

    /// An asynchronous handler on an actor that ends with it. The actor is held weakly, and passed to the closure.
    @inlinable
    @_disfavoredOverload
    public init<Owner: Actor>(
        _ name: String = "",
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Owner, Event) async throws -> Event.Reply
    ) {
        let reference = WeakReference(owner)
        self.init(
            name,
            fileID,
            line,
            owner: owner,
            .onActor { event, permit in
                guard let owner = reference.object else { return .refused(.ownerGone) }
                return try await Self.start(on: owner, permit) {
                    HandlerReply(try await body($0, event.event(as: Event.self)), to: Event.self)
                }
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
