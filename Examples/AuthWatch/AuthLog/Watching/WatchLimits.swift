/// From when on the rules raise and show alerts.
public struct WatchLimits: Hashable, Sendable {
    /// How many alerts are shown for each address in any span of time.
    public var alertsShown = 3
    /// How long the span is, by the times in the log.
    public var alertSpan = Duration.seconds(24 * 60 * 60)
    /// For how many addresses that is remembered; past it, the one heard of least recently is forgotten.
    public var addresses = 1_000_000
    /// How many different users an address may try before it stands out. No more names are remembered for an address.
    public var users = 5
    /// How many logins may fail from an address before it stands out.
    public var failures = 10
    /// After how many failures from its address a login is suspicious; a login starts the count anew.
    public var failuresBeforeLogin = 3

    /// Makes the usual limits.
    public init() {}
}
