import EventDispatch

/// The server started to listen.
public struct ServerListening: SourcedEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// The address that it listens on.
    public let address: String
    /// The port that it listens on.
    public let port: Int

    /// Makes an event.
    public init(time: String = "", address: String, port: Int) {
        self.time = time
        self.address = address
        self.port = port
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// The address that it listens on.
        public let address = Key(\.address)
        /// The port that it listens on.
        public let port = Key(\.port)

        /// Makes the keys.
        public init() {}
    }
}
