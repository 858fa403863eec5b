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
    let senderIDs: [ObjectIdentifier]
    let signalKeys: [SignalKey]

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
        senderIDs = senders.map { ObjectIdentifier($0) }
        signalKeys = keys.map { SignalKey($0) }
    }

    /// Used by the signal; a receiver is connected with senders and keys instead.
    public struct MatchKeys: MatchKeySet {
        let signalID = Key(\.signalID)
        let senderIDs = Key(\.senderIDs)
        let signalKeys = Key(\.signalKeys)

        /// Makes the keys.
        public init() {}
    }
}

/// A key of a send, of whatever type.
struct SignalKey: Hashable, @unchecked Sendable {
    // Sound: made from what is `Sendable`.
    private let value: AnyHashable

    init(_ value: any Hashable & Sendable) { self.value = AnyHashable(value) }
}
