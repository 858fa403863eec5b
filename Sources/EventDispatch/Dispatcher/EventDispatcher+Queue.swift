// The way of a posted event through the queue.

extension EventDispatcher {
    /// Whether the calling code is a handler of a posted event, or waited for by one: then the queue waits for it.
    var isInPostedHandler: Bool { HandlerScope.current?.fire.isInsidePostedFire(of: self) ?? false }

    /// The dispatcher's handlers that the calling code is inside of.
    var enclosingHandlers: [HandlerScope] {
        HandlerScope.current?.enclosing.filter { $0.fire.dispatcher === self } ?? []
    }

    /// Puts an event into the queue if there is room; false when there is none.
    func enqueue(_ event: any MatchableEvent, at location: CallSite) throws(DispatchError) -> Bool {
        let posted = PostedEvent(event: event, priority: Task.currentPriority)
        return try follow(activity.change { $0.post(posted) }, of: event, at: location)
    }

    /// Refuses an event for which there is no room.
    func refuse(_ event: any MatchableEvent) {
        activity.change { $0.refusePost() }
        tellDropped([event], reason: .queueFull)
    }

    func tellDropped(_ events: [any MatchableEvent], reason: DropReason) {
        guard !events.isEmpty, let observers = observers.current else { return }
        for event in events {
            for observer in observers { observer.dropped(event, reason: reason) }
        }
    }

    /// Does what a post gives cause to. Returns whether the event is in the queue.
    func follow(
        _ post: ActivityState.Post,
        of event: any MatchableEvent,
        at location: CallSite
    ) throws(DispatchError) -> Bool {
        switch post {
        case .accepted(let startsPump):
            if let startsPump { Pump(self).start(at: startsPump) }
            return true
        case .acceptedInsteadOf(let oldest):
            tellDropped([oldest], reason: .oldest)
            return true
        case .full, .waits, .cancelled:
            return false
        case .refused(let stage):
            tellDropped([event], reason: stage == .notStarted ? .notStarted : .stopped)
            throw refusal(of: type(of: event), "posted", in: stage, at: location)
        }
    }

    /// Tells of what was in the queue when nobody held the dispatcher any more.
    func tellAbandoned(_ rest: AbandonedQueue) {
        tellDropped(rest.events + rest.producers.map(\.event), reason: .undelivered)
        for producer in rest.producers {
            producer.continuation.resume(returning: .dispatcherGone(producer.event, at: producer.location))
        }
    }
}
