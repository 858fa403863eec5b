/// Whether an optional key has a value, in `Where(\.nickname, .isNil)`.
public enum MatchPresence: Hashable, Sendable {
    /// The key is nil.
    case isNil
    /// The key is not nil.
    case exists
}
