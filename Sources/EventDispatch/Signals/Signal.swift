import Synchronization

/// A thin face on a dispatcher, for when declaring an event is too much.
///
/// ```swift
/// let started = Signal<String, Void>("no name")
/// let connection = try started.connect(keys: ["config"]) { call in print(call.payload) }
/// let results = try await started.send("main", keys: ["config"])
/// ```
///
/// A receiver that is connected with senders or keys is called for sends that name one of them: senders are compared by identity,
/// keys by their type and its `==`, any match is enough, and each receiver is called once. One that is connected without is called
/// for every send. Senders are held weakly: with its last sender a connection ends, unless it has keys. What is a value, such as a
/// string, is a key.
public final class Signal<Payload: Sendable, Reply: Sendable>: Sendable {
    /// The payload of a send that names no other.
    public let defaults: Payload

    let id: UInt64
    private let dispatcher: EventDispatcher
    private let connections = SignalConnections()

    /// Makes a signal.
    ///
    /// - Parameters:
    ///   - defaults: what is sent when a send names nothing else.
    ///   - dispatcher: calls the receivers; the signal's own unless given.
    public init(_ defaults: Payload, dispatcher: EventDispatcher = EventDispatcher()) {
        self.defaults = defaults
        self.dispatcher = dispatcher
        id = lastSignalID.add(1, ordering: .relaxed).newValue
    }

    deinit { disconnectAll() }

    /// The receivers that a send can reach, in the order in which they were connected.
    public var receivers: [SignalConnection] {
        var receivers: [(connection: SignalConnection, registration: UInt64)] = []
        for connection in connections.all {
            if connection.hasEnded {
                connection.disconnect()
            } else if let registration = dispatcher.registry.registration(of: connection.subscription) {
                receivers.append((connection, registration))
            }
        }
        return receivers.sorted { $0.registration < $1.registration }.map(\.connection)
    }

    /// Connects a receiver, of any of the forms of ``Handle``, with its modifiers.
    ///
    /// - Parameters:
    ///   - senders: whose sends reach the receiver.
    ///   - keys: sends with which keys reach the receiver.
    ///   - receiver: what is called.
    /// - Returns: the connection, to be disconnected by.
    /// - Throws: ``DispatchError`` for modifiers that can't be right.
    @discardableResult
    public func connect(
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        _ receiver: Handle<SignalCall<Payload, Reply>>
    ) throws(DispatchError) -> SignalConnection {
        let location = receiver.declaration.location
        let filter = SignalFilter(of: id, senders: senders, keys: keys)
        let block = On(SignalCall<Payload, Reply>.self, fileID: location.fileID, line: location.line) {
            if filter.isOpen {
                Where(\.signalID, is: id)
            } else {
                AnyOf { for route in filter.routes { Where(\.routes, contains: route) } }
            }
            Where { call in filter.admits(call.senders, call.signalKeys) }
            receiver
        }
        let plans = try HandlerPlanner(block.declaration, on: dispatcher.clock).plans
        let subscription = EventSubscription(id: nil, plans, group: id, registrar: dispatcher.registry)
        let connection = SignalConnection(filter, subscription, in: connections)
        connections.removeSomeEnded()
        // First, so that `disconnectAll` ends whatever a send has reached.
        connections.add(connection)
        do {
            try dispatcher.register(plans, of: subscription, at: location)
        } catch {
            connections.remove(connection)
            throw error
        }
        return connection
    }

    /// Calls the receivers that the send is for, waits for all of them, and returns what each returned or threw, in the order in
    /// which they were connected.
    ///
    /// - Parameters:
    ///   - payload: what is sent; where it may be nil, nil is sent as it is.
    ///   - senders: on whose behalf.
    ///   - keys: what the send concerns.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Throws: ``DispatchError`` when the dispatcher is not started or has stopped, or sends are nested too deep.
    @discardableResult
    public nonisolated(nonsending) func send(
        _ payload: Payload,
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) async throws(DispatchError) -> [Result<Reply, any Error>] {
        try await send(SignalCall(self, payload, senders, keys), fileID, line)
    }

    /// Sends the signal's defaults, or a payload if there is one.
    ///
    /// - Parameters:
    ///   - payload: what is sent; the ``defaults`` where it is nil.
    ///   - senders: on whose behalf.
    ///   - keys: what the send concerns.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what each receiver returned or threw, in the order in which they were connected.
    /// - Throws: ``DispatchError`` when the dispatcher is not started or has stopped, or sends are nested too deep.
    @discardableResult
    public nonisolated(nonsending) func send(
        _ payload: Payload? = nil,
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) async throws(DispatchError) -> [Result<Reply, any Error>] {
        try await send(SignalCall(self, payload ?? defaults, senders, keys), fileID, line)
    }

    private nonisolated(nonsending) func send(
        _ call: SignalCall<Payload, Reply>,
        _ fileID: String,
        _ line: Int
    ) async throws(DispatchError) -> [Result<Reply, any Error>] {
        connections.removeSomeEnded()
        let report = try await dispatcher.fireReporting(call, detail: .all, fileID: fileID, line: line)
        // Each outcome says whose it is and when that was connected, whatever has been connected and disconnected meanwhile.
        let outcomes = report.outcomes.filter { $0.group == id }.sorted { $0.registration < $1.registration }
        return outcomes.compactMap(Self.result)
    }

    /// The value that a receiver returned, or its error; nil for one that did not run.
    private static func result(_ outcome: HandlerOutcome) -> Result<Reply, any Error>? {
        switch outcome.result {
        // Where `Reply` is `Void`, nothing is boxed.
        case .succeeded: (outcome.reply.map(ReplyBox<Reply>.reply(in:)) ?? () as? Reply).map { .success($0) }
        case .failed, .timedOut: outcome.error.map { .failure($0) }
        case .cancelled: .failure(CancellationError())
        case .skipped, .detached: nil
        }
    }

    /// Disconnects a receiver: from some senders and keys if any are named, and otherwise from all sends.
    ///
    /// A send that names nothing but senders and keys that the receiver is disconnected from does not reach it any more, also when
    /// it was connected without any. Such a receiver is still called for all other sends.
    ///
    /// - Parameters:
    ///   - connection: the receiver's connection.
    ///   - senders: whose sends no longer reach the receiver.
    ///   - keys: sends with which keys no longer reach it.
    public func disconnect(
        _ connection: SignalConnection,
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = []
    ) {
        if !senders.isEmpty || !keys.isEmpty {
            connection.filter.remove(senders, keys)
            guard connection.filter.isEmpty else { return }
        }
        connection.disconnect()
    }

    /// Disconnects all receivers.
    public func disconnectAll() {
        for connection in connections.all { connection.disconnect() }
    }
}

private let lastSignalID = Atomic<UInt64>(0)

extension Signal<Void, Void> {
    /// Makes a signal with which nothing is sent and nothing comes back.
    public convenience init(dispatcher: EventDispatcher = EventDispatcher()) { self.init((), dispatcher: dispatcher) }
}

/// One send as a receiver of a ``Signal`` gets it: the signal, the payload, and on whose behalf.
public struct SignalCall<Payload: Sendable, Reply: Sendable>: MatchableEvent {
    /// The signal, so that one function can serve several.
    public let signal: Signal<Payload, Reply>
    /// The payload.
    public let payload: Payload
    /// The senders that were named.
    public let senders: [any AnyObject & Sendable]
    /// The keys that were named.
    public let keys: [any Hashable & Sendable]

    let signalID: UInt64
    let signalKeys: [SignalKey]
    /// The routes of the senders and keys.
    let routes: [SignalRoute]

    init(
        _ signal: Signal<Payload, Reply>,
        _ payload: Payload,
        _ senders: [any AnyObject & Sendable],
        _ keys: [any Hashable & Sendable]
    ) {
        self.signal = signal
        self.payload = payload
        self.senders = senders
        self.keys = keys
        signalID = signal.id
        signalKeys = keys.map { SignalKey($0) }
        routes =
            senders.map { SignalRoute(of: signal.id, .sender(ObjectIdentifier($0))) }
            + signalKeys.map { SignalRoute(of: signal.id, .key($0)) }
    }

    /// Used by the signal; a receiver is connected with senders and keys instead.
    @_documentation(visibility: internal)
    public struct MatchKeys: MatchKeySet {
        let signalID = Key(\.signalID)
        let routes = Key(\.routes)

        /// Makes the keys.
        public init() {}
    }
}

/// A sender or a key of a signal, which leads a send that names it to the receivers that are connected with it.
struct SignalRoute: Hashable, Sendable {
    enum Name: Hashable, Sendable {
        case sender(ObjectIdentifier)
        case key(SignalKey)
    }

    private let signal: UInt64
    private let name: Name

    init(of signal: UInt64, _ name: Name) {
        self.signal = signal
        self.name = name
    }
}

/// A key of a send. It equals keys of its own type only, by that type's `==`: as `AnyHashable` alone, `1` would equal `1.0`.
struct SignalKey: Hashable, @unchecked Sendable {
    // Sound: made from what is `Sendable`.
    private let value: AnyHashable

    init(_ value: some Hashable & Sendable) { self.value = AnyHashable(Compared(value)) }
}
