/// A bag that cancels the subscriptions in it when it goes.
///
/// ```swift
/// final class Dashboard: Sendable {
///     let subscriptions = SubscriptionBag()
///
///     init(_ dispatcher: EventDispatcher) throws {
///         subscriptions.insert(try dispatcher.on(UserCreated.self) { event in print(event.name) })
///     }
/// }
/// ```
public final class SubscriptionBag: Sendable {
    private let held = Locked<[EventSubscription]>([])

    /// Makes an empty bag.
    public init() {}

    /// Puts a subscription into the bag.
    public func insert(_ subscription: EventSubscription) {
        held.withLock { $0.append(subscription) }
    }

    /// Cancels what the bag holds, and empties it.
    public func cancelAll() {
        let subscriptions = held.withLock { held in
            defer { held = [] }
            return held
        }
        for subscription in subscriptions { subscription.cancel() }
    }

    deinit { cancelAll() }
}
