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

// Called `register`, not `subscribe`: with an overload that takes a subscriber, a mistake in the block of `subscribe` would be reported
// as a closure that is no subscriber.

extension EventDispatcher {
    /// Registers all handlers of a subscriber, of this one instance, as one subscription.
    ///
    /// - Parameters:
    ///   - subscriber: what says which blocks to subscribe.
    ///   - id: a name by which the subscription can be found and cancelled later; another that has it is cancelled.
    /// - Returns: the subscription, which cancels all of them.
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does.
    public func register(
        _ subscriber: some EventSubscriber,
        id: String? = nil,
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> EventSubscription {
        let location = CallSite(fileID: fileID, line: line)
        return try register(subscriber.handlers, id: id, at: location)
    }
}
