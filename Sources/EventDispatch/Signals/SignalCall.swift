/// What a receiver of a ``Signal`` gets: which signal was sent, with what, and on whose behalf.
public struct SignalCall<Payload: Sendable, Reply: Sendable>: MatchableEvent {
    /// The signal, so that one function can serve several.
    public let signal: Signal<Payload, Reply>
    /// What was sent.
    public let payload: Payload
    /// The senders that were named.
    public let senders: [any AnyObject & Sendable]
    /// The keys that were named.
    public let keys: [any Hashable & Sendable]

    let signalID: UInt64
    let signalKeys: [SignalKey]
    /// What the senders and keys lead to.
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
