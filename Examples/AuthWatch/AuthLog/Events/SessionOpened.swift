import EventDispatch

/// A session began.
public struct SessionOpened: MatchableEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// Whose session.
    public let user: String

    /// Makes an event.
    public init(time: String = "", user: String) {
        self.time = time
        self.user = user
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// Whose session.
        public let user = Key(\.user)

        /// Makes the keys.
        public init() {}
    }
}
