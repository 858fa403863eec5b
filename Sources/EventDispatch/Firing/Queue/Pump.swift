/// Fires what is in a dispatcher's queue, one event after the other, until it is empty.
///
/// It exists only while there is something to fire, and keeps the dispatcher meanwhile. Where events come faster than they are fired,
/// from someone who does not hold the dispatcher, that would never end: so when nobody else holds it, the pump fires what the queue
/// had accepted by then and ends.
final class Pump: @unchecked Sendable {
    // Sound: only the task that runs it touches it, and one after the other do.
    private var dispatcher: EventDispatcher
    /// How many events are left of those that were in the queue when nobody else held the dispatcher; nil while somebody does.
    private var left: Int?

    init(_ dispatcher: EventDispatcher) { self.dispatcher = dispatcher }

    /// Fires from a task of its own.
    func start(at priority: TaskPriority) {
        Task.detached(priority: priority) { [self] in await run(at: priority) }
    }

    private func run(at priority: TaskPriority) async {
        while true {
            if isAbandoned(), let rest = abandon() { return dispatcher.tellAbandoned(rest) }
            switch dispatcher.activity.nextTurn(at: priority) {
            case .over: return
            case .another(let priority): return start(at: priority)
            case .fire(let event, let admitted):
                admitted?.continuation.resume(returning: nil)
                await dispatcher.firePosted(event)
                left = left.map { $0 - 1 }
                // A handler can cancel the task it runs in; then another takes its place.
                if Task.isCancelled { return start(at: priority) }
            }
        }
    }

    /// Whether nobody else holds the dispatcher, and what it had accepted when that was so is fired.
    private func isAbandoned() -> Bool {
        if let left, left > 0 { return false }
        guard isKnownUniquelyReferenced(&dispatcher) else {
            left = nil
            return false
        }
        if left != nil { return true }
        left = dispatcher.activity.eventCount
        return false
    }

    /// Takes what is left out of the queue, and ends the pump; nil when somebody holds the dispatcher again.
    ///
    /// That is asked where posts wait: one that comes before is in the queue, one that comes later starts another pump.
    private func abandon() -> AbandonedQueue? {
        let rest = dispatcher.activity.change { isKnownUniquelyReferenced(&dispatcher) ? $0.abandon() : nil }
        if rest == nil { left = nil }
        return rest
    }
}

/// The rest of a queue when nobody holds the dispatcher.
struct AbandonedQueue: Sendable {
    let events: [any MatchableEvent]
    /// Producers that wait for room.
    let producers: [PostProducer]
}

/// The next step of a pump.
enum PumpTurn: Sendable {
    /// To fire an event, whose place in the queue a producer's event has taken if one waited.
    case fire(any MatchableEvent, admitted: PostProducer?)
    /// To let a task of another priority go on.
    case another(TaskPriority)
    /// Nothing: the queue is empty.
    case over
}
