import EventDispatch

/// An address and its name in the DNS contradict each other: `POSSIBLE BREAK-IN ATTEMPT!`.
public struct BreakInSuspected: SourcedEvent, Equatable {
    /// What is wrong with a name.
    public enum Suspicion: Hashable, Sendable {
        /// The name does not resolve at all.
        case unresolved
        /// The name resolves to other addresses.
        case resolvesElsewhere
        /// The name is written as an address.
        case looksLikeAnAddress
    }

    /// When it happened, as the log writes it.
    public let time: String
    /// Where the client connected from.
    public let address: String
    /// The name that the DNS gives for the address.
    public let host: String
    /// What is wrong with the name.
    public let suspicion: Suspicion

    /// Makes an event.
    public init(time: String = "", address: String, host: String, suspicion: Suspicion) {
        self.time = time
        self.address = address
        self.host = host
        self.suspicion = suspicion
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// Where the client connected from.
        public let address = Key(\.address)
        /// The name that the DNS gives for the address.
        public let host = Key(\.host)
        /// What is wrong with the name.
        public let suspicion = Key(\.suspicion)

        /// Makes the keys.
        public init() {}
    }
}
