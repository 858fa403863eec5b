/// A type that says itself what it subscribes to.
///
/// ```swift
/// final class Mailroom: EventSubscriber, Sendable {
///     var handlers: [SubscriptionDeclaration] {
///         On(UserCreated.self) { Handle("greet", greet) }
///         On(UserDeleted.self) { Handle("say goodbye", sayGoodbye) }
///     }
///
///     func greet(_ event: UserCreated) {}
///     func sayGoodbye(_ event: UserDeleted) {}
/// }
///
/// let mailroom = try dispatcher.register(Mailroom())
/// ```
///
/// Handlers that name the instance, as these do, retain it until the subscription is cancelled; `weak: self` is the way for an
/// instance that somebody else keeps.
public protocol EventSubscriber {
    /// The blocks to subscribe, as in `subscribe`. Asked for once for each registration.
    @SubscriptionBuilder var handlers: [SubscriptionDeclaration] { get }
}
