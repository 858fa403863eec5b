/// The match keys of an event: a structure whose properties are ``MatchKey``s.
///
/// A public event needs a `public init() {}` in it, because Swift makes the implicit initializer internal. Another
/// module adds a key with a computed property:
///
/// ```swift
/// extension UserCreated.MatchKeys {
///     var domain: UserCreated.Key<String> { .init(\.domain) }
/// }
/// ```
public protocol MatchKeySet: Sendable {
    /// Makes the keys. Called whenever a filter names one, so it should do no more than that.
    init()
}
