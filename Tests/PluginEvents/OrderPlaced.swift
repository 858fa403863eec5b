import EventDispatch

/// A public event, for tests of what another module can do with it.
public struct OrderPlaced: MatchableEvent {
    public let customer: String
    public let total: Int

    public init(customer: String, total: Int) {
        self.customer = customer
        self.total = total
    }

    public struct MatchKeys: MatchKeySet {
        public let customer = Key(\.customer)
        public init() {}
    }
}
