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
    func handlers<Event>(matching event: Event) -> [RegisteredHandler<Event>] {
        let (matcher, owners) = registry.withLock { registry in
            (registry.matcher(for: Event.self), registry.nextOwners(Self.ownersAskedByAFire))
        }
        removeHandlers(of: owners)
        return matcher?.matches(event) ?? []
    }

    /// Registers all handlers of a subscription in one step: a fire sees all of them or none.
    func register(_ batches: [any HandlerBatch], of subscription: EventSubscription) {
        let owners = registry.withLock { registry in
            let owners = registry.owners.entries[...]
            for batch in batches { batch.insert(into: &registry, subscription) }
            return owners
        }
        removeHandlers(of: owners)
    }

    /// Forgets the handlers of a limit that is used up. The caller holds one of them; the others are freed here.
    func remove<Event: MatchableEvent>(limitedBy limit: any FireLimit<Event>) {
        end(
            registry.withLock { registry in
                registry.remove { (handler: RegisteredHandler<Event>) in
                    handler.plan.limits.contains { $0.limit === limit }
                }
            }
        )
    }

    /// Forgets the handlers that an object owns.
    func remove(ownedBy object: AnyObject) {
        let owners = registry.withLock { $0.owners.entries }
        remove(owners.filter { $0.owner.object === object })
    }

    /// Every type's table, as it is now, without the handlers of dead owners.
    var tables: [any HandlerTable] {
        removeHandlers(of: registry.withLock { $0.owners.entries[...] })
        return registry.withLock { $0.allTables }
    }

    /// The table of one type, as it is now.
    func table<Event>(for event: Event.Type) -> LinearMatcher<Event>? {
        registry.withLock { $0.matcher(for: event) }
    }

    /// Forgets the handlers of those owners that are dead.
    private func removeHandlers(of owners: ArraySlice<OwnerList.Entry>) {
        let dead = owners.filter { !$0.owner.isAlive }
        if !dead.isEmpty { remove(dead) }
    }

    private func remove(_ owned: [OwnerList.Entry]) {
        end(registry.withLock { $0.remove(owned) })
    }

    /// Lets go of handlers, outside the lock.
    private func end(_ removed: [any RemovedHandler]) {
        for handler in removed { handler.subscription.handlersEnded(1) }
    }
}

extension HandlerRegistry: SubscriptionRegistrar {
    func remove(_ subscription: EventSubscription) {
        end(registry.withLock { $0.remove(subscription) })
    }
}
