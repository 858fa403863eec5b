import Synchronization

/// The queue of posted events, and the task that fires them one after the other.
///
/// The task exists only while there is something to fire, so that a queue keeps no dispatcher alive.
final class PostQueue: Sendable {
    private let policy: PostPolicy
    private let state: Mutex<PostQueueState>

    init(policy: PostPolicy) {
        self.policy = policy
        state = Mutex(PostQueueState(policy: policy))
    }

    /// Puts an event into the queue, waiting for room where the policy says so.
    func post(_ event: any MatchableEvent, to dispatcher: EventDispatcher, at location: CallSite)
        async throws(DispatchError)
    {
        try reserve(event, in: dispatcher, at: location)
        if offer(event, to: dispatcher) { return }
        guard case .suspend = policy, !Self.isInPostedHandler(of: dispatcher) else {
            refuse(event, in: dispatcher)
            throw DispatchError(
                code: .queueFull,
                message: "\(type(of: event).eventName) is not posted: \(policy.capacity) events wait in the queue",
                location: location
            )
        }
        try await waitForRoom(event, in: dispatcher, at: location)
    }

    /// Puts an event into the queue if there is room; false when the policy refuses it.
    func postNow(_ event: any MatchableEvent, to dispatcher: EventDispatcher, at location: CallSite)
        throws(DispatchError) -> Bool
    {
        try reserve(event, in: dispatcher, at: location)
        if offer(event, to: dispatcher) { return true }
        refuse(event, in: dispatcher)
        return false
    }

    /// Drops what waits in the queue, and returns the events' names.
    func dropAll(of dispatcher: EventDispatcher) -> [String] {
        let events = state.withLock { $0.removeEvents() }
        for event in events { dispatcher.tellDropped(event, reason: .undelivered) }
        dispatcher.activity.settlePosts(events.count, dropped: true)
        return events.map { type(of: $0).eventName }
    }

    /// Lets the posts that wait for room fail.
    func refuseProducers(of dispatcher: EventDispatcher) {
        for producer in state.withLock({ $0.removeProducers() }) {
            dispatcher.tellDropped(producer.event, reason: .stopped)
            dispatcher.activity.settlePosts(1, dropped: true)
            producer.continuation.resume(
                returning: dispatcher.notStarted(type(of: producer.event), "posted", at: producer.location)
            )
        }
    }

    /// Whether the calling code is, or is waited for by, a handler of a posted event: then the queue waits for it.
    static func isInPostedHandler(of dispatcher: EventDispatcher) -> Bool {
        HandlerScope.current?.fire.isInsidePostedFire(of: dispatcher) ?? false
    }

    /// Counts the event as posted, while the dispatcher takes events.
    private func reserve(
        _ event: any MatchableEvent,
        in dispatcher: EventDispatcher,
        at location: CallSite
    ) throws(DispatchError) {
        guard !dispatcher.activity.acceptPost() else { return }
        dispatcher.tellDropped(event, reason: .stopped)
        throw dispatcher.notStarted(type(of: event), "posted", at: location)
    }

    private func offer(_ event: any MatchableEvent, to dispatcher: EventDispatcher) -> Bool {
        switch state.withLock({ $0.offer(event) }) {
        case .accepted(let startsPump):
            if startsPump { pump(dispatcher) }
            return true
        case .acceptedInsteadOf(let oldest):
            dispatcher.tellDropped(oldest, reason: .oldest)
            dispatcher.activity.settlePosts(1, dropped: true)
            return true
        case .full:
            return false
        }
    }

    private func refuse(_ event: any MatchableEvent, in dispatcher: EventDispatcher) {
        dispatcher.tellDropped(event, reason: .queueFull)
        dispatcher.activity.settlePosts(1, dropped: true)
    }

    private func waitForRoom(
        _ event: any MatchableEvent,
        in dispatcher: EventDispatcher,
        at location: CallSite
    ) async throws(DispatchError) {
        let id = state.withLock { $0.nextProducer() }
        let cancellation = DispatchError(
            code: .cancelled,
            message: "\(type(of: event).eventName) is not posted: the task was cancelled while the queue was full",
            location: location
        )
        let error = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let producer = PostQueueState.Producer(
                    id: id,
                    event: event,
                    location: location,
                    continuation: continuation
                )
                if !state.withLock({ $0.suspend(producer) }) { continuation.resume(returning: cancellation) }
            }
        } onCancel: {
            state.withLock { $0.cancel(id) }?.continuation.resume(returning: cancellation)
        }
        state.withLock { $0.forget(id) }
        guard let error else { return }
        if error.code == .cancelled { dispatcher.activity.settlePosts(1, dropped: false) }
        throw error
    }

    /// Fires what is in the queue until it is empty.
    private func pump(_ dispatcher: EventDispatcher) {
        Task.detached {
            while let (event, admitted) = self.state.withLock({ $0.next() }) {
                admitted?.continuation.resume(returning: nil)
                await dispatcher.firePosted(event)
                dispatcher.activity.settlePosts(1, dropped: false)
            }
        }
    }
}
