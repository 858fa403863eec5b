import Synchronization

/// The stage, the queue, and who waits for them: plain state. Changes return what is to be done outside
/// the lock.
struct ActivityState: Sendable {
    private let policy: PostPolicy

    private(set) var stage: ActivityStage
    /// Counts the starts, so that a stop can tell whether the dispatcher was started again meanwhile.
    private(set) var starts = 0
    /// Handlers that ignored their time-out and still run.
    var overrunning = 0
    /// By the fire of each run that has departed from another: that fire, or the one of those after it that is in progress.
    var detached: [ObjectIdentifier: ObjectIdentifier] = [:]
    var slotWaits = SlotWaits()
    /// Posts that were refused or dropped.
    private(set) var dropped = 0

    private var events = FIFOQueue<PostedEvent>()
    /// Those who wait for room in the queue.
    var producers = CancellableWaits<PostProducer>()
    /// Whether a task fires what is in the queue.
    private var isPumping = false
    /// Whether that task has taken an event out whose fire is not over.
    private var isFiring = false
    /// The fire of that event, once it has begun.
    private var firing: ObjectIdentifier?

    var waiters = CancellableWaits<ActivityWaiter>()

    init(stage: ActivityStage, policy: PostPolicy) {
        self.stage = stage
        self.policy = policy
    }
}

// MARK: - The queue

extension ActivityState {
    /// The fate of a posted event.
    enum Post {
        /// It is in the queue; with the priority of the pump that is to be started, if there is none.
        case accepted(startsPump: TaskPriority?)
        /// It is in the queue, and the oldest event gave way.
        case acceptedInsteadOf(any MatchableEvent)
        /// There is no room.
        case full
        /// Its producer waits for room.
        case waits
        /// Its producer was cancelled before it could wait.
        case cancelled
        /// The dispatcher takes no events. The post counts as dropped.
        case refused(in: ActivityStage)
    }

    /// Puts an event into the queue, if there is room.
    mutating func post(_ event: PostedEvent) -> Post {
        guard stage == .started else {
            dropped += 1
            return .refused(in: stage)
        }
        if events.count < policy.capacity {
            events.append(event)
            defer { isPumping = true }
            return .accepted(startsPump: isPumping ? nil : event.priority)
        }
        guard case .dropOldest = policy, let oldest = events.popFirst() else { return .full }
        events.append(event)
        dropped += 1
        return .acceptedInsteadOf(oldest.event)
    }

    /// Puts an event into the queue, or lets its producer, which has begun a wait, wait until there is room.
    mutating func post(_ producer: PostProducer, waiting id: Int) -> Post {
        guard !producers.isCancelled(id) else { return .cancelled }
        let post = post(producer.posted)
        guard case .full = post else { return post }
        return producers.add(producer, to: id) ? .waits : .cancelled
    }

    /// Counts a post that is refused for want of room.
    mutating func refusePost() { dropped += 1 }

    /// Ends the fire of the event that was taken out last, and takes out the next, unless that is to be fired at another priority.
    /// Without one the pump ends.
    mutating func nextTurn(at priority: TaskPriority) -> PumpTurn {
        firing = nil
        isFiring = false
        guard let next = events.first else {
            isPumping = false
            return .over
        }
        guard next.priority == priority else { return .another(next.priority) }
        isFiring = true
        _ = events.popFirst()
        let producer = producers.popFirst()
        if let producer { events.append(producer.posted) }
        return .fire(next.event, admitted: producer)
    }

    /// How many events are in the queue.
    var eventCount: Int { events.count }

    /// Ends the pump while there may be events: drops them, and refuses the producers that wait for room.
    mutating func abandon() -> AbandonedQueue {
        firing = nil
        isFiring = false
        isPumping = false
        return AbandonedQueue(events: dropEvents(), producers: refuseProducers())
    }

    /// Notes the fire of the event that was taken out.
    mutating func beginFiring(_ fire: ObjectIdentifier) { firing = fire }
}

// MARK: - Starting and stopping

extension ActivityState {
    /// Takes events from now on, and ends the waits of earlier stops.
    mutating func start() -> [ActivityWaiter] {
        stage = .started
        starts += 1
        return waiters.removeAll(where: \.isStop)
    }

    /// Refuses events from now on. Returns the producers that wait for room, which are refused too.
    mutating func beginStop() -> [PostProducer] {
        if stage == .started { stage = .stopping }
        return refuseProducers()
    }

    private mutating func refuseProducers() -> [PostProducer] {
        let refused = producers.removeAll()
        dropped += refused.count
        return refused
    }

    /// Takes out what is in the queue and drops it.
    mutating func dropEvents() -> [any MatchableEvent] {
        let events = events.removeAll()
        dropped += events.count
        return events.map(\.event)
    }

    /// Ends a stop, and returns what it drops. A dispatcher that was started again meanwhile goes on.
    mutating func endStop(begunAfter starts: Int) -> [any MatchableEvent] {
        guard starts == self.starts else { return [] }
        stage = .stopped
        return dropEvents()
    }
}

// MARK: - Waiting

extension ActivityState {
    /// Takes out those whose goal is reached, while so many fires are in progress.
    ///
    /// Handlers that wait, for this or that, can't be waited for: the fires that any waiter stands inside count as over for all
    /// that stand inside one. So do the fires that wait for a slot, for those that stand inside a run that has one. A waiter outside any
    /// handler waits for them too.
    mutating func takeReady(fires: Int) -> [ActivityWaiter] {
        guard !waiters.isEmpty else { return [] }
        let waiting = waiters.waiters.flatMap(\.own).filter(\.isLive)
        let waitingFires = Set(waiting.filter { !$0.fire.isFinished }.map { ObjectIdentifier($0.fire) })
        let waitingOverruns = Set(waiting.filter(\.fire.isFinished).map { ObjectIdentifier($0) })
        let isReady = { [self] (waiter: ActivityWaiter) in
            let own = waiter.own.filter(\.isLive)
            guard !own.isEmpty else { return isQueueIdle(but: []) && (!waiter.isStop || fires + overrunning <= 0) }
            let excusedFires = waitingFires.union(own.contains(where: \.mayHoldSlot) ? slotWaits.fires : [])
            return isQueueIdle(but: excusedFires)
                && (!waiter.isStop || fires + overrunning <= excusedFires.count + waitingOverruns.count)
        }
        return waiters.removeAll(where: isReady)
    }

    private func isQueueIdle(but excused: Set<ObjectIdentifier>) -> Bool {
        guard events.count == 0, detached.values.allSatisfy(excused.contains) else { return false }
        return !isFiring || firing.map(excused.contains) ?? false
    }
}

/// The fires that wait for a slot of one of their handlers.
struct SlotWaits: Sendable {
    private var last = 0
    private var waits: [Int: [ObjectIdentifier]] = [:]

    /// All that wait, and those around them.
    var fires: Set<ObjectIdentifier> { Set(waits.values.joined()) }

    mutating func begin(_ fires: [ObjectIdentifier]) -> Int {
        last += 1
        waits[last] = fires
        return last
    }

    mutating func end(_ id: Int) { waits[id] = nil }
}

/// Whether events can be fired and posted.
enum ActivityStage: UInt8, AtomicRepresentable {
    case notStarted, started, stopping, stopped

    /// Whether a fire may begin; while stopping, one that something running waits for.
    func admits(isInsideFire: Bool) -> Bool { self == .started || self == .stopping && isInsideFire }
}

/// A task that waits for a dispatcher to have done what it is doing.
struct ActivityWaiter: Sendable {
    /// Whether it waits for all fires too, as a stop does, or for the queue only, as a drain does.
    let isStop: Bool
    /// The running handlers that the task stands inside, which can't end before its wait.
    let own: [RunScope]
    /// Takes the number of fires that were in progress when the goal was reached; nil when it was not.
    let continuation: CheckedContinuation<Int?, Never>
}
