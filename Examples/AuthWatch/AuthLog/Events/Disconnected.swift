import EventDispatch

/// A connection ended.
public struct Disconnected: MatchableEvent, Equatable {
    /// How a connection ended.
    public enum End: Hashable, Sendable {
        /// The client said goodbye, with a code and a text.
        case saidGoodbye
        /// The server noted the end of a connection in good order.
        case ended
        /// The client closed the connection without a word.
        case closed
        /// The network reset the connection.
        case reset
        /// The server threw the client out.
        case thrownOut
        /// The client no longer answered.
        case timedOut
    }

    /// When it happened, as the log writes it.
    public let time: String
    /// Who ended it, and how.
    public let end: End
    /// Where the client connected from; nil when the line does not say.
    public let address: String?
    /// The client's port; nil when the line does not say.
    public let port: Int?
    /// The user; nil when the line does not say.
    public let user: String?
    /// The protocol's reason code; nil when the line does not say.
    public let code: Int?
    /// The reason in words, as the client or the server gave it.
    public let text: String
    /// Whether nobody had logged in yet.
    public let isBeforeLogin: Bool

    /// Makes an event.
    public init(
        time: String = "",
        end: End,
        address: String? = nil,
        port: Int? = nil,
        user: String? = nil,
        code: Int? = nil,
        text: String = "",
        isBeforeLogin: Bool = false
    ) {
        self.time = time
        self.end = end
        self.address = address
        self.port = port
        self.user = user
        self.code = code
        self.text = text
        self.isBeforeLogin = isBeforeLogin
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// Who ended it, and how.
        public let end = Key(\.end)
        /// Where the client connected from; nil when the line does not say.
        public let address = Key(\.address)
        /// The user; nil when the line does not say.
        public let user = Key(\.user)
        /// The protocol's reason code; nil when the line does not say.
        public let code = Key(\.code)
        /// Whether nobody had logged in yet.
        public let isBeforeLogin = Key(\.isBeforeLogin)

        /// Makes the keys.
        public init() {}
    }
}
