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
        try follow(activity.change { $0.post(event) }, of: event, at: location)
    }

    /// Puts an event into the queue when there is room.
    func enqueueWaiting(_ event: any MatchableEvent, at location: CallSite) async throws(DispatchError) {
        let id = activity.change { $0.nextWait() }
        let cancellation = DispatchError(
            code: .cancelled,
            message: "\(type(of: event).eventName) is not posted: the task was cancelled while the queue was full",
            location: location
        )
        let error: DispatchError? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let producer = PostProducer(id: id, event: event, location: location, continuation: continuation)
                let post = activity.change { $0.post(producer) }
                do throws(DispatchError) {
                    if case .cancelled = post { throw cancellation }
                    if try follow(post, of: event, at: location) { continuation.resume(returning: nil) }
                } catch {
                    continuation.resume(returning: error)
                }
            }
        } onCancel: {
            activity.change { $0.cancelProducer(id) }?.continuation.resume(returning: cancellation)
        }
        activity.change { $0.endWait(id) }
        if let error { throw error }
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
    private func follow(
        _ post: ActivityState.Post,
        of event: any MatchableEvent,
        at location: CallSite
    ) throws(DispatchError) -> Bool {
        switch post {
        case .accepted(let startsPump):
            if startsPump { pump() }
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

    /// Fires what is in the queue, one event after the other, until it is empty.
    ///
    /// The task exists only while there is something to fire, so that the queue keeps no dispatcher alive. When a handler has
    /// cancelled it, which handlers can do to the task they run in, another takes its place.
    private func pump() {
        Task.detached { [self] in
            while let (event, admitted) = activity.nextEvent() {
                admitted?.continuation.resume(returning: nil)
                await firePosted(event)
                if Task.isCancelled { return pump() }
            }
        }
    }
}
