import EventDispatch

/// Derived from several lines: an address reached one of the thresholds.
public struct AddressStoodOut: SourcedEvent, Equatable {
    /// What an address reached.
    public enum Mark: Hashable, Sendable {
        /// It tried many different users.
        case manyUsers
        /// It failed many times.
        case manyFailures
    }

    /// When it happened, as the log writes it.
    public let time: String
    /// Where the client connected from.
    public let address: String
    /// What it reached.
    public let mark: Mark
    /// How many there were by then.
    public let count: Int

    /// Makes an event.
    public init(time: String = "", address: String, mark: Mark, count: Int) {
        self.time = time
        self.address = address
        self.mark = mark
        self.count = count
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// Where the client connected from.
        public let address = Key(\.address)
        /// What it reached.
        public let mark = Key(\.mark)
        /// How many there were by then.
        public let count = Key(\.count)

        /// Makes the keys.
        public init() {}
    }
}
