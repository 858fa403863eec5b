import Synchronization

/// The registry behind its lock.
///
/// Nothing of a user's runs under the lock: matchers are copied out and asked outside, and what is removed is returned
/// from the locked section and freed after it.
final class DispatcherState: Sendable {
    private let registry: Mutex<Registry>

    init(isStarted: Bool) {
        registry = Mutex(Registry(isStarted: isStarted))
    }

    func setStarted(_ isStarted: Bool) {
        registry.withLock { $0.isStarted = isStarted }
    }

    /// The handlers that an event matches, in dispatch order; nil when the dispatcher is not started.
    func handlers<Event>(matching event: Event) -> [RegisteredHandler<Event>]? {
        let (isStarted, matcher) = registry.withLock { ($0.isStarted, $0.matcher(for: Event.self)) }
        guard isStarted else { return nil }
        return matcher?.matches(event) ?? []
    }

    /// Registers all handlers of a subscription in one step: a fire sees all of them or none.
    func register(_ batches: [any HandlerBatch], of subscription: EventSubscription) {
        registry.withLock { registry in
            for batch in batches { batch.insert(into: &registry, subscription) }
        }
    }

    /// Forgets a handler that can't start any more. The caller still holds it, so nothing is freed under the lock.
    func remove<Event>(_ handler: RegisteredHandler<Event>) {
        let removed = registry.withLock { $0.remove(handler) }
        handler.subscription.handlersEnded(removed.count)
    }

    /// Every type's table, as it is now.
    var tables: [any HandlerTable] { registry.withLock { $0.allTables } }

    /// The table of one type, as it is now.
    func table<Event>(for event: Event.Type) -> LinearMatcher<Event>? {
        registry.withLock { $0.matcher(for: event) }
    }
}

extension DispatcherState: SubscriptionRegistrar {
    func remove(_ subscription: EventSubscription) {
        let removed = registry.withLock { $0.remove(subscription) }
        withExtendedLifetime(removed) {}
    }
}
