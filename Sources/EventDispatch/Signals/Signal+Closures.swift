// Closures as receivers. A closure isn't a `Handle` to the compiler, so each form of `Handle` is an overload; they are kept apart as
// there.

extension Signal {
    /// Connects a synchronous receiver. It is retained until it is disconnected.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    public func connect(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (SignalCall<Payload, Reply>) throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        try connect(senders: senders, keys: keys, Handle(fileID: fileID, line: line, body))
    }

    /// Connects a synchronous receiver on the main actor. It is retained until it is disconnected.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    public func connect(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (SignalCall<Payload, Reply>) throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        try connect(senders: senders, keys: keys, Handle(fileID: fileID, line: line, isolation: isolation, body))
    }

    /// Connects an asynchronous receiver. It is retained until it is disconnected.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    @_disfavoredOverload
    public func connect(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (SignalCall<Payload, Reply>) async throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        try connect(senders: senders, keys: keys, Handle(fileID: fileID, line: line, body))
    }

    /// Connects a synchronous receiver that ends with its owner, which is held weakly.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    @_disfavoredOverload
    public func connect<Owner: AnyObject & Sendable>(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Owner, SignalCall<Payload, Reply>) throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        try connect(senders: senders, keys: keys, Handle(weak: owner, fileID: fileID, line: line, body))
    }

    /// Connects a synchronous receiver on the main actor that ends with its owner, which is held weakly.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    @_disfavoredOverload
    public func connect<Owner: AnyObject & Sendable>(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Owner, SignalCall<Payload, Reply>) throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        let handle = Handle(weak: owner, fileID: fileID, line: line, isolation: isolation, body)
        return try connect(senders: senders, keys: keys, handle)
    }

    /// Connects an asynchronous receiver that ends with its owner, which is held weakly.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    @_disfavoredOverload
    public func connect<Owner: AnyObject & Sendable>(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Owner, SignalCall<Payload, Reply>) async throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        try connect(senders: senders, keys: keys, Handle(weak: owner, fileID: fileID, line: line, body))
    }

    /// Connects a receiver that is synchronous on an actor and ends with it. The actor is held weakly.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    public func connect<Owner: Actor>(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Owner, SignalCall<Payload, Reply>) throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        try connect(senders: senders, keys: keys, Handle(weak: owner, fileID: fileID, line: line, body))
    }

    /// Connects an asynchronous receiver on an actor that ends with it. The actor is held weakly.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    @_disfavoredOverload
    public func connect<Owner: Actor>(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        weak owner: Owner,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Owner, SignalCall<Payload, Reply>) async throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        try connect(senders: senders, keys: keys, Handle(weak: owner, fileID: fileID, line: line, body))
    }

    /// Connects a receiver that is synchronous on an actor. The actor is retained until it is disconnected.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    public func connect<Isolation: Actor>(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        on actor: Isolation,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Isolation, SignalCall<Payload, Reply>) throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        try connect(senders: senders, keys: keys, Handle(on: actor, fileID: fileID, line: line, body))
    }

    /// Connects an asynchronous receiver on an actor. The actor is retained until it is disconnected.
    ///
    /// - Throws: ``DispatchError`` as ``connect(senders:keys:_:)`` does.
    @discardableResult
    @_disfavoredOverload
    public func connect<Isolation: Actor>(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        on actor: Isolation,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (isolated Isolation, SignalCall<Payload, Reply>) async throws -> Reply
    ) throws(DispatchError) -> SignalConnection {
        try connect(senders: senders, keys: keys, Handle(on: actor, fileID: fileID, line: line, body))
    }
}
