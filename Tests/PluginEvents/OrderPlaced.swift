import EventDispatch

/// A public event, for tests of what another module can do with it.
public struct OrderPlaced: MatchableEvent {
    /// Who ordered.
    public let customer: String
    /// What it costs.
    public let total: Int

    /// Makes an event.
    public init(customer: String, total: Int) {
        self.customer = customer
        self.total = total
    }

    /// The keys that this module gives.
    public struct MatchKeys: MatchKeySet {
        /// Who ordered.
        public let customer = Key(\.customer)
        /// Makes the keys.
        public init() {}
    }
}
