import Synchronization

/// The last events of the values of a key, and the subscriptions that start with them.
///
/// # No handler gets an older event of a value after a newer one
///
/// An event is *older* than another if its fire was over when the fire of the other began. Fires that overlap have no order, neither here
/// nor for handlers that are subscribed as usual.
///
/// A subscription that starts with what is kept has a ``LatestReplay``. Its handlers are registered in one step with another handler that
/// notes, which takes the place of the one before (``LatestNotes``). So of each fire is known, when its event is noted, whether it reaches
/// these handlers: it does if the note is of their generation or a later one. The replay has those events only that do not: what was kept
/// before the registration, and what fires note later that began before it. Each is called through ``EventDispatcher/replay(_:in:)``,
/// one after the other; all others come live, from fires that began after the registration.
///
/// Every handler of the subscription asks ``admit(_:_:_:_:)`` before a live call. For a value *v*, under the one lock:
///
/// 1. The replay claims an event *k* of *v* that is still the last of *v*; from then on *v* is being replayed, until all calls are over.
/// 2. A live event *e* of *v* that asks while *v* is being replayed is handed over: the replay calls its handler with it after *k*. Of
///    several, the last is called. One whose fire is nested in the call of *k* need not wait, and what was handed over before gives way.
/// 3. A live event *e* of *v* that asks before the claim takes the place of *k* for its handler, which the replay leaves out.
///
/// So no handler is called with *k* after *e*. That is right, because *e* is never older than *k*: the fire of *e* began after the
/// registration, that of *k* before. A live event that is handed over isn't called after a newer one: who asks later is handed over too, or
/// asks when all that was handed over has been called. And the replay's own events come in the order in which they were noted.
///
/// Nothing is lost: an event that is noted either reaches the handlers live, or is put into the replay under the same lock under which it is
/// noted. A replay that was over begins anew for it, in a task of its own.
final class LatestStore<Event: MatchableEvent>: @unchecked Sendable {
    // Sound: the state is only touched under the lock; the rest are constants.

    /// An event that is kept.
    struct Kept: Sendable {
        let event: Event
        /// How many events had been noted with it.
        let number: Int
    }

    struct State: Sendable {
        var kept: RecentValues<Kept?>
        var notes = 0
        var forgotten = 0
        /// How many subscriptions have started with what is kept.
        var generation = 0
        /// Those that still live.
        var replays: [LatestReplay<Event>] = []
        var isCancelled = false
    }

    /// The key that events are kept per; nil where only the last of all is kept.
    let key: KeyReader?
    private let operations: KeyOperations
    private let capacity: Int
    /// A thread comes back to it from the `==` or `hash` of a value.
    private let lock = ReentryLock()
    private var state: State

    init(per key: KeyReader?, by operations: HashOperations, capacity: Int) {
        self.key = key
        self.operations = KeyOperations(operations, key?.layout ?? ValueLayout(Bool.self))
        self.capacity = capacity
        state = State(kept: RecentValues())
    }

    var events: [Event] { lock.withLock { state.kept.values.compactMap { $0?.event } } ?? [] }

    var forgotten: Int { lock.withLock { state.forgotten } ?? 0 }

    var isCancelled: Bool { lock.withLock { state.isCancelled } ?? false }

    /// The last event of a value of the key.
    func event(ofValue value: UnsafeRawPointer) -> Event? {
        lock.withLock {
            let value = KeyValue(at: value, operations)
            return state.kept.value(of: value, value.hash)
        }?.flatMap { $0 }?.event
    }

    /// Notes an event, in the turn of the handler of a generation. An event whose fire does not reach handlers that start with what is kept
    /// is put into their replays.
    ///
    /// One that the `==` or `hash` of a value fires, which is asked meanwhile, is not noted.
    func note(_ event: EventReference, by generation: Int) {
        var idle: [LatestReplay<Event>] = []
        let freed = withState(of: event) { state, value -> (Kept?, RecentValues<Kept?>.Forgotten?)? in
            guard !state.isCancelled else { return nil }
            state.notes += 1
            let new = Kept(event: event.event(as: Event.self), number: state.notes)
            let hash = value.hash
            let (old, isNew) = state.kept.update(value, hash, default: nil) { kept in
                defer { kept = new }
                return kept
            }
            let forgotten = isNew && state.kept.count > capacity ? state.kept.forgetOldest() : nil
            if forgotten != nil { state.forgotten += 1 }
            if generation < state.generation {
                for replay in state.replays where replay.generation > generation {
                    if replay.add(new) { idle.append(replay) }
                }
            }
            return (old, forgotten)
        }
        withExtendedLifetime(freed) {}
        guard !idle.isEmpty, let dispatcher = DispatchContext.current?.dispatcher else { return }
        for replay in idle {
            Task.detached(priority: Task.currentPriority) { await dispatcher.replayLate(replay, in: self) }
        }
    }

    /// Lets go of all, and notes nothing more.
    func cancel() {
        let freed = lock.withLock {
            let freed = (state.kept, state.replays.map { ($0, $0.removeAll()) })
            state.isCancelled = true
            state.kept = RecentValues()
            state.replays = []
            return freed
        }
        withExtendedLifetime(freed) {}
    }

    /// Calls a closure under the lock with the event's value of the key; nil for a thread that is there already.
    private func withState<Result>(
        of event: EventReference,
        _ body: (inout State, KeyValue) -> Result
    ) -> Result? {
        guard let key else {
            return withUnsafePointer(to: true) { value in
                lock.withLock { body(&state, KeyValue(at: value, operations)) }
            }
        }
        return key.withValue(of: event) { value in
            lock.withLock { body(&state, KeyValue(at: value, operations)) }
        }
    }
}

// What replays and the handlers of their subscriptions ask.

extension LatestStore {
    /// Gives a replay what is kept, before its subscription is registered. Returns its generation; nil when nothing is noted any more.
    func begin(_ replay: LatestReplay<Event>, of subscription: EventSubscription) -> Int? {
        let begun: (Int, [LatestReplay<Event>])?? = lock.withLock {
            guard !state.isCancelled else { return nil }
            state.generation += 1
            replay.begin(of: subscription, generation: state.generation, state.kept.values.compactMap { $0 })
            let ended = state.replays.filter(\.isOver)
            state.replays.removeAll(where: \.isOver)
            state.replays.append(replay)
            return (state.generation, ended)
        }
        return begun??.0
    }

    /// Whether a handler may be called with a live event. Otherwise the replay calls it.
    func admit(
        _ event: EventReference,
        _ handler: RegisteredHandler,
        in fire: Fire,
        _ replay: LatestReplay<Event>
    ) -> Bool {
        var freed: Event?
        let isAdmitted = withState(of: event) { state, value in
            guard !replay.isReplaying(value) else {
                guard replay.isInsideReplay(fire) else {
                    freed = replay.handOver(event.event(as: Event.self), to: handler)
                    return false
                }
                freed = replay.dropHandedOver(to: handler, before: fire)
                return true
            }
            if let kept = state.kept.value(of: value, value.hash) ?? nil { replay.leaveOut(handler, of: kept) }
            return true
        }
        withExtendedLifetime(freed) {}
        return isAdmitted ?? true
    }

    /// Claims the next event of a replay, which is then being replayed; nil at its end.
    func claim(for replay: LatestReplay<Event>) -> LatestReplay<Event>.Claim? {
        while let next = lock.withLock({ replay.popFirst() }) ?? nil {
            let copy = EventCopy(next.event)
            let claim = withState(of: copy.reference) { state, value in
                let isLast = (state.kept.value(of: value, value.hash) ?? nil)?.number == next.number
                return replay.claim(next, if: isLast && !state.isCancelled, value.kept)
            }
            if let claim = claim ?? nil { return claim }
        }
        return nil
    }

    /// The next call of the value that is being replayed: that of a live event that was handed over. Nil when there is none, with which the
    /// value is replayed no more.
    func nextHandedOver(to replay: LatestReplay<Event>) -> LatestReplay<Event>.HandedOver? {
        lock.withLock { replay.popHandedOver() }?.next
    }

    /// Notes the fire in which a replay calls handlers.
    func begin(_ fire: Fire, of replay: LatestReplay<Event>) {
        let freed = lock.withLock { replay.begin(fire) }
        withExtendedLifetime(freed) {}
    }

    /// Ends a replay before it is over. Returns what handlers were not called with.
    @discardableResult
    func end(_ replay: LatestReplay<Event>) -> [Event] { lock.withLock { replay.end() }?.rest ?? [] }
}
