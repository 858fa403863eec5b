/// A bag that cancels the subscriptions in it when it goes.
///
/// ```swift
/// final class Dashboard: Sendable {
///     let subscriptions = SubscriptionBag()
///
///     init(_ dispatcher: EventDispatcher) throws {
///         try dispatcher.on(UserCreated.self) { event in print(event.name) }.store(in: subscriptions)
///     }
/// }
/// ```
///
/// Or with all of them at once:
///
/// ```swift
/// let subscriptions: SubscriptionBag = [
///     try dispatcher.on(UserCreated.self) { event in print("created \(event.name)") },
///     try dispatcher.on(UserDeleted.self) { event in print("deleted \(event.name)") },
/// ]
/// ```
public final class SubscriptionBag: Sendable, ExpressibleByArrayLiteral {
    private let held: Locked<[EventSubscription]>

    /// Makes an empty bag.
    public init() { held = Locked([]) }

    /// Makes a bag that holds some subscriptions.
    public init(arrayLiteral subscriptions: EventSubscription...) { held = Locked(subscriptions) }

    /// Puts a subscription into the bag.
    public func insert(_ subscription: EventSubscription) {
        held.withLock { $0.append(subscription) }
    }

    /// Cancels what the bag holds, and empties it.
    public func cancel() {
        let subscriptions = held.withLock { held in
            defer { held = [] }
            return held
        }
        for subscription in subscriptions { subscription.cancel() }
    }

    deinit { cancel() }

    /// What the bag holds.
    var subscriptions: [EventSubscription] { held.withLock { $0.unshared } }

    /// Takes subscriptions out of the bag.
    func remove(_ subscriptions: [EventSubscription]) {
        let removed = Set(subscriptions)
        held.withLock { $0.removeAll(where: removed.contains) }
    }
}

extension EventSubscription {
    /// Puts the subscription into a bag, which cancels it when it goes.
    ///
    /// ```swift
    /// try dispatcher.on(UserCreated.self) { event in print(event.name) }.store(in: bag)
    /// ```
    public func store(in bag: SubscriptionBag) { bag.insert(self) }
}
