extension EventDispatcher {
    /// Puts an event into the queue, to be fired soon by a task of the dispatcher, and returns without waiting for its
    /// handlers.
    ///
    /// Posted events are fired one after the other; those that one task posts, in the order in which it does. When the queue
    /// is full, the dispatcher's ``PostPolicy`` decides. A handler's errors have nobody to be thrown to: a
    /// ``DispatchObserver`` sees them. Handlers run at the calling task's priority, and see none of its task-local values.
    ///
    /// - Throws: ``DispatchError``: `.notStarted` or `.stopped` unless the dispatcher is started, `.queueFull` when the policy is to reject,
    ///   or when a handler of a posted event would have to wait for room that can't come before it ends, and `.cancelled`
    ///   when the task is cancelled while it waits. In each case the event is not posted, and but for the last counted as
    ///   dropped.
    public func post<Event: MatchableEvent>(
        _ event: Event,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws(DispatchError) {
        try await beginPost(event, fileID: fileID, line: line)?.wait()
    }

    /// Puts an event into the queue, or returns what waits for room.
    package func beginPost<Event: MatchableEvent>(
        _ event: Event,
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> WaitingPost? {
        let location = CallSite(fileID: fileID, line: line)
        if try enqueue(event, at: location) { return nil }
        guard case .suspend = postPolicy, !isInPostedHandler else {
            refuse(event)
            throw DispatchError(
                code: .queueFull,
                message: "\(Event.eventName) is not posted: the queue is full, with \(postPolicy.capacity) events",
                location: location
            )
        }
        return WaitingPost(event, to: self, at: location)
    }

    /// Puts an event into the queue as ``post(_:fileID:line:)`` does, without ever waiting.
    ///
    /// - Returns: whether the event is in the queue; false when it is full and the policy does not drop the oldest. The
    ///   refused event is counted as dropped.
    /// - Throws: ``DispatchError`` when the dispatcher is not started or has stopped.
    public func postNow<Event: MatchableEvent>(
        _ event: Event,
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> Bool {
        if try enqueue(event, at: CallSite(fileID: fileID, line: line)) { return true }
        refuse(event)
        return false
    }

    /// Waits until every posted event has been fired and its last handler has ended, those posted meanwhile included. A handler
    /// that overran its time-out is not waited for.
    ///
    /// From a handler of a posted event it returns at once: the queue waits for that handler. Cancelling the calling task
    /// ends the wait.
    public func drain() async {
        guard !isInPostedHandler else { return }
        await activity.wait(asStop: false, insideOf: enclosingHandlers)
        // Who waits holds the dispatcher, so the pump is not alone with it.
        withExtendedLifetime(self) {}
    }

    /// Runs a closure, and drains the queue before it returns or throws what the closure did.
    ///
    /// - Returns: what the closure returns.
    /// - Throws: what the closure throws.
    public nonisolated(nonsending) func draining<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async rethrows -> Result {
        do {
            let result = try await body()
            await drain()
            return result
        } catch {
            await drain()
            throw error
        }
    }
}

// The way of a posted event through the queue.

extension EventDispatcher {
    /// Whether the calling code is a handler of a posted event, or waited for by one: then the queue waits for it.
    var isInPostedHandler: Bool { RunScope.current?.fire.isInsidePostedFire(of: self) ?? false }

    /// The handlers that the calling code is inside of, and that the dispatcher waits for: its own, and those its queue waits for.
    var enclosingHandlers: [RunScope] {
        RunScope.current?.enclosing.filter { scope in
            let fire = scope.fire
            return fire.dispatcher === self || fire.postedTo === self || fire.departed?.dispatcher === self
        } ?? []
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
            for observer in observers.all { observer.dropped(event, reason: reason) }
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
