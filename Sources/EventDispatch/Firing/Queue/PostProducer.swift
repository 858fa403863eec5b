/// An event that is posted, and the priority at which it is to be fired.
struct PostedEvent: Sendable {
    let event: any MatchableEvent
    let priority: TaskPriority
}

/// A task that waits for room in the queue.
struct PostProducer: Sendable {
    let id: Int
    let posted: PostedEvent
    let location: CallSite
    let continuation: CheckedContinuation<DispatchError?, Never>

    var event: any MatchableEvent { posted.event }
}
