/// What there is to say at the end, as numbers.
public struct WatchSummary: Sendable {
    /// An address and what it did.
    public struct AddressRow: Hashable, Sendable {
        /// The address.
        public let address: String
        /// How many logins failed.
        public let failures: Int
        /// How many different users it tried.
        public let users: Int
        /// Whether the users stopped being counted.
        public let mayBeMoreUsers: Bool
        /// How many alerts were raised about it.
        public let alerts: Int
    }

    static let mostAddresses = 8

    /// How the lines divide.
    public let lineCounts: LineCounts
    /// How many lines were too long and were cut.
    public let cutLines: Int
    /// The first lines that were not understood.
    public let examples: [ExampleLine]
    /// Events by type, those that occurred.
    public let events: [CountedName]
    /// Handlers by how often they ran, all of them.
    public let handlers: [CountedName]
    /// Attempts to log in with a wrong password.
    public let failedPasswords: Int
    /// Alerts that were shown.
    public let alertsShown: Int
    /// How many addresses are remembered.
    public let addressCount: Int
    /// The addresses that did most.
    public let addresses: [AddressRow]
    /// How long it took.
    public let duration: Duration

    /// How many events of a type occurred.
    public func count(of event: String) -> Int { events.first { $0.name == event }?.count ?? 0 }

    /// All events that were fired.
    public var eventCount: Int { events.reduce(0) { $0 + $1.count } }
}
