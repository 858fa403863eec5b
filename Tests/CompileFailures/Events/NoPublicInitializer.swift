import EventDispatch

/// A public event.
public struct AccountOpened: MatchableEvent {
    /// Whose account.
    public let name: String

    // error: initializer 'init()' must be declared public because it matches a requirement in public protocol 'MatchKeySet'
    /// The keys.
    public struct MatchKeys: MatchKeySet {
        /// Whose account.
        public let name = Key(\.name)
    }
}
