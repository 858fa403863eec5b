import Synchronization

/// The registry behind its lock.
///
/// Nothing of a user's runs under the lock: matchers are copied out and asked outside, owners are asked outside, and what is
/// removed is returned from the locked section and freed after it.
final class HandlerRegistry: Sendable {
    /// How many owners of `weak:` handlers a fire asks whether they live.
    static let ownersAskedByAFire = 64

    private let registry = Mutex(Registry())

    /// The handlers that an event matches, in dispatch order.
    func handlers(matching event: EventReference) -> [RegisteredHandler] {
        let (matcher, owned) = registry.withLock { registry in
            (registry.matcher(for: event.eventType), registry.nextOwned(Self.ownersAskedByAFire))
        }
        if let owned { removeDead(among: owned) }
        return matcher?.matches(event) ?? []
    }

    /// Registers all handlers of a subscription in one step: a fire sees all of them or none.
    func register(_ plans: [HandlerPlan], of subscription: EventSubscription) {
        let owned = registry.withLock { registry in
            let owned = registry.owners.handlers[...]
            registry.insert(plans, of: subscription)
            return owned
        }
        removeDead(among: owned)
    }

    /// Forgets the handlers of a limit that is used up. The caller holds one of them; the others are freed here.
    func remove(limitedBy limit: any FireLimit, of event: any MatchableEvent.Type) {
        end(
            registry.withLock { registry in
                registry.remove(from: ObjectIdentifier(event)) { handler in
                    handler.plan.limits.contains { $0.limit === limit }
                }
            }
        )
    }

    /// Forgets the handlers that an object owns.
    func remove(ownedBy object: AnyObject) {
        let owned = registry.withLock { $0.owners.handlers }.filter { $0.owner?.object === object }
        for handler in owned { handler.owner?.end() }
        remove(owned)
    }

    /// Every handler that can still start, in the order of registration.
    var handlers: [RegisteredHandler] {
        removeDead(among: registry.withLock { $0.owners.handlers[...] })
        return registry.withLock { $0.handlers }.filter(\.canStart)
            .sorted { $0.order.registration < $1.order.registration }
    }

    /// Whether a type of event has a handler that can still start.
    func hasHandlers(for event: any MatchableEvent.Type) -> Bool {
        registry.withLock { $0.matcher(for: event) }?.handlers.contains(where: \.canStart) ?? false
    }

    /// Forgets those of the handlers whose owners are dead.
    private func removeDead(among owned: ArraySlice<RegisteredHandler>) {
        let dead = owned.filter { !$0.isOwnerAlive }
        if !dead.isEmpty { remove(dead) }
    }

    private func remove(_ handlers: [RegisteredHandler]) {
        let removed = registry.withLock { registry in
            let handlers = Dictionary(grouping: handlers) { ObjectIdentifier($0.plan.event) }
            return handlers.flatMap { event, handlers in
                let identities = Set(handlers.map { ObjectIdentifier($0) })
                return registry.remove(from: event) { identities.contains(ObjectIdentifier($0)) }
            }
        }
        end(removed)
    }

    /// Lets go of handlers, outside the lock.
    private func end(_ removed: [RegisteredHandler]) {
        for handler in removed { handler.subscription.handlersEnded(1) }
    }
}

extension HandlerRegistry: SubscriptionRegistrar {
    func remove(_ subscription: EventSubscription) {
        let removed = registry.withLock { registry in
            subscription.events.flatMap { event in
                registry.remove(from: event) { $0.subscription === subscription }
            }
        }
        end(removed)
    }
}
