import EventDispatch

// What a module whose default isolation is the main actor has to write; elsewhere it changes nothing.

/// A type that a key compares stands beside the event, so it says that it belongs to no actor.
nonisolated enum Plan { case free, paid }

/// So does one that a key reaches through.
nonisolated struct Price {
    let cents: Int
}

struct Upgraded: MatchableEvent {
    /// A type inside the event belongs to no actor, as the event itself.
    enum Reason { case trial, choice }
    let plan: Plan
    let price: Price
    let reason: Reason

    struct MatchKeys: MatchKeySet {
        let plan = Key(\.plan)
        let cents = Key(\.price.cents)
        let reason = Key(\.reason)
    }
}

nonisolated protocol BillingEvent: MatchableEvent {
    var total: Int { get }
}

/// An observer with state names its actor, and so do its methods, which are asynchronous.
@MainActor final class PlanObserver: ModelObserver {
    typealias Model = Plan
    private var created = 0
    @MainActor func created(_ plan: Plan) async { created += 1 }
}

@MainActor final class PlanView {
    private var plan = Plan.free

    private func register(on dispatcher: EventDispatcher) throws -> SubscriptionBag {
        let bag = SubscriptionBag()
        bag.insert(try dispatcher.on(Upgraded.self, where: \.plan == .paid) { _ in })
        bag.insert(try dispatcher.on(Upgraded.self, where: \.cents > 100 && \.reason == .choice) { _ in })
        bag.insert(try dispatcher.on(Upgraded.self, weak: self) { @MainActor view, event in view.plan = event.plan })
        bag.insert(
            try dispatcher.subscribe {
                OnAny(conformingTo: (any BillingEvent).self) { event in print(event.total) }
                On(Upgraded.self) {
                    Handle { @MainActor event in print(event.plan) }
                    Handle("show", isolation: MainActor.self, show)
                }
            }
        )
        bag.insert(try dispatcher.register(PlanObserver()))
        return bag
    }

    private func show(_ event: Upgraded) { plan = event.plan }
}
