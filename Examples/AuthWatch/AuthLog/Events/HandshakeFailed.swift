import EventDispatch

/// A client never came as far as logging in: a port scanner, or a program that does not speak the protocol.
public struct HandshakeFailed: SourcedEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// Where the client connected from.
    public let address: String
    /// The client's port; nil when the line does not say.
    public let port: Int?
    /// What went wrong.
    public let reason: String

    /// Makes an event.
    public init(time: String = "", address: String, port: Int? = nil, reason: String) {
        self.time = time
        self.address = address
        self.port = port
        self.reason = reason
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// Where the client connected from.
        public let address = Key(\.address)
        /// What went wrong.
        public let reason = Key(\.reason)

        /// Makes the keys.
        public init() {}
    }
}
