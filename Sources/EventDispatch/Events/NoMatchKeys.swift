/// The match keys of an event that declares none.
public struct NoMatchKeys: MatchKeySet {
    /// Makes the empty set of keys.
    public init() {}
}
