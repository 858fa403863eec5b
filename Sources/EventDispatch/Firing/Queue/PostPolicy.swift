/// The fate of a post when the queue is full.
public enum PostPolicy: Hashable, Sendable {
    /// `post` waits for room; `postNow` is refused.
    case suspend(capacity: Int)
    /// `post` throws, and `postNow` is refused.
    case reject(capacity: Int)
    /// The oldest event in the queue gives way.
    case dropOldest(capacity: Int)

    /// How many events can wait. A capacity below 1 counts as 1.
    public var capacity: Int {
        switch self {
        case .suspend(let capacity), .reject(let capacity), .dropOldest(let capacity): max(1, capacity)
        }
    }
}

/// An event that is posted, and the priority at which it is to be fired.
struct PostedEvent: Sendable {
    let event: any MatchableEvent
    let priority: TaskPriority
}

/// A task that waits for room in the queue.
struct PostProducer: Sendable {
    let posted: PostedEvent
    let location: CallSite
    let continuation: CheckedContinuation<DispatchError?, Never>

    var event: any MatchableEvent { posted.event }
}

/// A post that waits for room in the queue. It does not keep the dispatcher.
package struct WaitingPost: Sendable {
    private weak let dispatcher: EventDispatcher?
    private let activity: Activity
    private let posted: PostedEvent
    private let location: CallSite

    init(_ event: any MatchableEvent, to dispatcher: EventDispatcher, at location: CallSite) {
        self.dispatcher = dispatcher
        activity = dispatcher.activity
        posted = PostedEvent(event: event, priority: Task.currentPriority)
        self.location = location
    }

    /// Waits until the event is in the queue.
    package func wait() async throws(DispatchError) {
        let id = activity.change { $0.producers.begin() }
        let cancellation = DispatchError(
            code: .cancelled,
            message:
                "\(type(of: posted.event).eventName) is not posted: the task was cancelled while the queue was full",
            location: location
        )
        let error: DispatchError? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                do throws(DispatchError) {
                    if try enqueue(continuation, id, cancellation) { continuation.resume(returning: nil) }
                } catch {
                    continuation.resume(returning: error)
                }
            }
        } onCancel: {
            activity.change { $0.producers.cancel(id) }?.continuation.resume(returning: cancellation)
        }
        _ = activity.change { $0.producers.end(id) }
        if let error { throw error }
    }

    /// Puts the event into the queue, or the producer among those that wait for room; then returns false.
    private func enqueue(
        _ continuation: CheckedContinuation<DispatchError?, Never>,
        _ id: Int,
        _ cancellation: DispatchError
    ) throws(DispatchError) -> Bool {
        guard let dispatcher else { throw .dispatcherGone(posted.event, at: location) }
        let producer = PostProducer(posted: posted, location: location, continuation: continuation)
        let post = activity.change { $0.post(producer, waiting: id) }
        if case .cancelled = post { throw cancellation }
        return try dispatcher.follow(post, of: posted.event, at: location)
    }
}

extension DispatchError {
    static func dispatcherGone(_ event: any MatchableEvent, at location: CallSite) -> DispatchError {
        DispatchError(
            code: .cancelled,
            message: "\(type(of: event).eventName) is not posted: nobody holds the dispatcher any more",
            location: location
        )
    }
}
