/// What the rules count.
public final class WatchCounts: Sendable {
    /// Events by type.
    public let events = CounterTable()
    /// Handlers by name: how often each ran.
    public let handlers = CounterTable()
    /// Attempts to log in with a wrong password.
    public let failedPasswords = Counter()
    /// Alerts that were shown.
    public let alertsShown = Counter()

    init() {}
}
