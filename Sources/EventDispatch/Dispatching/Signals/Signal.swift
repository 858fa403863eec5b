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
/// keys by equality, any match is enough, and each receiver is called once. One that is connected without is called for every
/// send. Senders are held weakly: with its last sender a connection ends, unless it has keys. What is a value, such as a string, is
/// a key.
public final class Signal<Payload: Sendable, Reply: Sendable>: Sendable {
    /// What is sent when a send names nothing else.
    public let defaults: Payload

    let id: UInt64
    private let dispatcher: EventDispatcher
    private let connections = Locked<[SignalConnection]>([])

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

    deinit {
        for connection in connections.withLock({ $0 }) { connection.disconnect() }
    }

    /// The receivers that a send can reach, in the order in which they were connected.
    public var receivers: [SignalConnection] { prune() }

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
        fileID: String = #fileID,
        line: Int = #line,
        _ receiver: Handle<SignalCall<Payload, Reply>>
    ) throws(DispatchError) -> SignalConnection {
        let filter = SignalFilter(senders: senders, keys: keys)
        let subscription = try dispatcher.subscribe(fileID: fileID, line: line) {
            On(SignalCall<Payload, Reply>.self, fileID: fileID, line: line) {
                Where(\.signalID, is: id)
                if !filter.isOpen {
                    AnyOf {
                        for sender in senders { Where(\.senderIDs, contains: ObjectIdentifier(sender)) }
                        for key in keys { Where(\.signalKeys, contains: SignalKey(key)) }
                    }
                }
                Where { call in filter.admits(call.senders, call.signalKeys) }
                receiver
            }
        }
        let connection = SignalConnection(filter, subscription)
        prune()
        connections.withLock { $0.append(connection) }
        return connection
    }

    /// Calls the receivers that the send is for, waits for all of them, and returns what each returned or threw, in the order in
    /// which they were connected.
    ///
    /// - Parameters:
    ///   - payload: what is sent; nil for the signal's defaults.
    ///   - senders: on whose behalf.
    ///   - keys: what the send concerns.
    /// - Throws: ``DispatchError`` when the dispatcher is not started, or sends are nested too deep.
    @discardableResult
    public nonisolated(nonsending) func send(
        _ payload: Payload? = nil,
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) async throws(DispatchError) -> [Result<Reply, any Error>] {
        let receivers = prune()
        let call = SignalCall(self, payload ?? defaults, senders, keys)
        let report = try await dispatcher.fireReporting(call, detail: .all, fileID: fileID, line: line)
        let outcomes = Dictionary(report.outcomes.map { ($0.subscription, $0) }) { first, _ in first }
        return receivers.compactMap { outcomes[ObjectIdentifier($0.subscription)].flatMap(Self.result) }
    }

    /// What a receiver returned or threw; nil for one that did not run.
    private static func result(_ outcome: HandlerOutcome) -> Result<Reply, any Error>? {
        switch outcome.result {
        case .succeeded: (outcome.reply.map(\.value) as? Reply ?? () as? Reply).map { .success($0) }
        case .failed, .timedOut: outcome.error.map { .failure($0) }
        case .cancelled: .failure(CancellationError())
        case .skipped: nil
        }
    }

    /// Disconnects a receiver: from some senders and keys if any are named, and otherwise from all sends.
    ///
    /// A send that names nothing but senders and keys that the receiver is disconnected from does not reach it any more, also when
    /// it was connected without any. Such a receiver is still called for all other sends.
    public func disconnect(
        _ connection: SignalConnection,
        senders: [any AnyObject & Sendable] = [],
        keys: [any Hashable & Sendable] = []
    ) {
        if senders.isEmpty && keys.isEmpty { connection.disconnect() } else { connection.filter.remove(senders, keys) }
        prune()
    }

    /// Disconnects all receivers.
    public func disconnectAll() {
        for connection in prune() { connection.disconnect() }
        prune()
    }

    /// Forgets the connections that have ended, and returns the others.
    @discardableResult
    private func prune() -> [SignalConnection] {
        let all = connections.withLock { $0.unshared }
        let ended = Set(all.filter { !$0.isActive })
        guard !ended.isEmpty else { return all }
        for connection in ended { connection.disconnect() }
        connections.withLock { $0.removeAll { ended.contains($0) } }
        return all.filter { !ended.contains($0) }
    }
}

private let lastSignalID = Atomic<UInt64>(0)

extension Signal<Void, Void> {
    /// Makes a signal with which nothing is sent and nothing comes back.
    public convenience init(dispatcher: EventDispatcher = EventDispatcher()) { self.init((), dispatcher: dispatcher) }
}
