import EventDispatch

/// Something to tell the operator, raised by a rule about another event.
public struct AlertRaised: SourcedEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// Where the client connected from.
    public let address: String
    /// What it is about.
    public let kind: AlertKind
    /// Counts the alerts about this address, from 1.
    public let numberForAddress: Int
    /// What happened, in words; not escaped.
    public let text: String

    /// Makes an event.
    public init(time: String = "", address: String, kind: AlertKind, numberForAddress: Int, text: String) {
        self.time = time
        self.address = address
        self.kind = kind
        self.numberForAddress = numberForAddress
        self.text = text
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// Where the client connected from.
        public let address = Key(\.address)
        /// What it is about.
        public let kind = Key(\.kind)
        /// How urgent the kind is.
        public let severity = Key(\.kind.severity)
        /// Counts the alerts about this address, from 1.
        public let numberForAddress = Key(\.numberForAddress)

        /// Makes the keys.
        public init() {}
    }
}
