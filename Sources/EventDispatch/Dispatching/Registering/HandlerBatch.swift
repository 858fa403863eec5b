/// The checked handlers of one block of `subscribe`, for whichever event.
protocol HandlerBatch: Sendable {
    var event: ObjectIdentifier { get }
    var count: Int { get }
    func insert(into registry: inout Registry, _ subscription: EventSubscription)
}

/// The checked handlers of one `On` block.
struct EventHandlerBatch<Event: MatchableEvent>: HandlerBatch {
    let plans: [HandlerPlan<Event>]

    var event: ObjectIdentifier { ObjectIdentifier(Event.self) }
    var count: Int { plans.count }

    func insert(into registry: inout Registry, _ subscription: EventSubscription) {
        registry.insert(plans, of: subscription)
    }
}

extension EventBlock {
    /// The block's handlers, checked.
    func batch() throws(DispatchError) -> any HandlerBatch { EventHandlerBatch(plans: try plans()) }
}
