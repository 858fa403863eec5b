import EventDispatch

/// Delivers the events that a store hands out to whichever process asks.
///
/// What ``DeliveryMachine`` decides for a subscription that one process has is the store's here: which event is next, how often it was tried,
/// and when it may be tried again. So little is left: take no more than may begin, and tell the store how each delivery ended.
actor SharedRunner: SubscriptionRunner {
    nonisolated let name: String
    nonisolated let claimID = ClaimID()
    nonisolated let store: any EventStore
    private let settings: DeliveryMachine.Settings
    private var intake: DeliveryIntake
    var blocks: DurableBlocks { intake.blocks }
    /// Nil before it's opened.
    private var shared: (any SharedDeliveries)?
    private(set) var stage = RunnerStage.standby
    private var isTaking = false
    /// What is delivered or buried, by the sequences of the events.
    private(set) var deliveries: [Int64: Task<Void, Never>] = [:]
    /// Events that were taken and may not begin yet: the store had been asked for them before others came.
    private var early: [SharedEvent] = []
    /// The events that failed here, until they are taken again, by whomever.
    private var retrying: [Int64: AttemptRecord] = [:]
    /// Waits until the store is called again after a fault.
    private var pause: Task<Void, Never>?
    private var faultCount = 0
    private(set) var fault: EventStoreError?
    var endsWithOwn = false
    private var isAsking = false
    private(set) var report = DurableStopReport()
    /// Gives back what is held.
    private var closing: Task<Void, Never>?
    var waiters = CancellableWaits<RunnerWaiter>()
    var lastWaiter = 0

    init(
        _ name: String,
        in store: any EventStore,
        _ blocks: DurableBlocks,
        _ order: DeliveryOrder,
        _ settings: DeliveryMachine.Settings
    ) {
        (self.name, self.store, self.settings) = (name, store, settings)
        intake = DeliveryIntake(blocks, order)
    }

    /// Opens the subscription; false when the store doesn't share.
    func open(from start: StartingPoint) async throws(EventStoreError) -> Bool {
        let shared = try await store.share(name, as: claimID, from: start, intake.interest) { notice in
            Task.detached { await self.take(notice) }
        }
        guard let shared else { return false }
        (self.shared, stage) = (shared, .running)
        takeMore()
        return true
    }

    /// The store tells that something may have changed: those who wait for others may have waited long enough.
    func take(_ notice: StoreNotice) async { lookAtWaiters() }
}

// Taking, delivering, and telling how it ended.

extension SharedRunner {
    private func takeMore() {
        while !early.isEmpty, deliveries.count < settings.atOnce || stage != .running { begin(early.removeFirst()) }
        guard stage == .running, !isTaking, pause == nil, deliveries.count < settings.atOnce, let shared else { return }
        isTaking = true
        Task.detached {
            // The room is looked at behind the deliveries that are about to end, so that one call takes as many as it can: a call for each of
            // them was four times slower.
            let limit = await self.room
            do throws(EventStoreError) {
                await self.begin(try await shared.take(limit))
            } catch {
                await self.wait(after: error)
            }
        }
    }

    /// How many deliveries may begin. It only grows while events are taken.
    private var room: Int { settings.atOnce - deliveries.count }

    private func begin(_ events: [SharedEvent]) {
        (isTaking, fault, faultCount) = (false, nil, 0)
        // One that is handed out again before it could begin begins once.
        if !early.isEmpty { early.removeAll { old in events.contains { $0.event.sequence == old.event.sequence } } }
        early += events
        takeMore()
        lookAtWaiters()
    }

    private func begin(_ taken: SharedEvent) {
        let sequence = taken.event.sequence
        // The store has taken it for lost and handed it out again, to this process. It's held again, and what goes on here says how it ends.
        guard deliveries[sequence] == nil else { return }
        retrying[sequence] = nil
        guard stage == .running else {
            report.givenBack.append(sequence)
            shared?.giveBack(sequence, after: .zero)
            return
        }
        guard !taken.isForOthers else {
            // It may take some turns until one of the others comes across it. That uses attempts up, but not the last one.
            shared?.giveBack(sequence, after: .seconds(1))
            return
        }
        switch intake.take(taken.event).kind {
        case .unmatched:
            shared?.acknowledge(sequence)
        case .broken(let reason, let error):
            bury(taken, reason, [error])
        case .wanted where taken.attempt >= settings.retry.attempts:
            beginLastAttempt(taken)
        case .wanted:
            deliver(taken)
        }
    }

    /// Delivers an event for the last time, unless a process has ended in that before.
    private func beginLastAttempt(_ taken: SharedEvent) {
        callStore(for: taken) { shared throws(EventStoreError) in
            let isFirst = try await shared.beginLastAttempt(taken.event.sequence)
            return { runner in isFirst ? runner.deliver(taken) : runner.bury(taken, .processEnded, []) }
        }
    }

    /// Calls the store for an event that is held, however often it takes, and goes on with what the call says.
    private func callStore(
        for taken: SharedEvent,
        _ call:
            @escaping @Sendable (any SharedDeliveries) async throws(EventStoreError)
            -> @Sendable (isolated SharedRunner) -> Void
    ) {
        guard let shared else { return }
        deliveries[taken.event.sequence] = Task.detached { [clock = store.clock] in
            var count = 1
            while true {
                do throws(EventStoreError) {
                    let next = try await call(shared)
                    return await self.goOn(next)
                } catch {
                    await self.note(error)
                    guard error.isTransient else { return await self.end() }
                    count += 1
                    guard await clock.sleep(until: clock.now + storePauses.pause(beforeAttempt: count)) else { return }
                }
            }
        }
    }

    private func goOn(_ next: @Sendable (isolated SharedRunner) -> Void) {
        if stage != .ended { next(self) }
    }

    private func deliver(_ taken: SharedEvent) {
        let sequence = taken.event.sequence
        guard let event = intake.event(sequence) else { return }
        let delivery = Delivery(
            id: taken.event.id,
            subscription: name,
            sequence: sequence,
            attempt: taken.attempt,
            published: taken.event.time,
            trace: taken.event.trace,
            runner: ObjectIdentifier(self)
        )
        let began = store.clock.now
        deliveries[sequence] = Task.detached { [blocks = intake.blocks] in
            let errors = await Delivery.$current.withValue(delivery) { await blocks.fire(event) }
            await self.noteEnd(of: taken, began, errors)
        }
    }

    private func noteEnd(of taken: SharedEvent, _ began: StoreTime, _ errors: [String]) {
        let sequence = taken.event.sequence
        guard stage != .ended else { return }
        deliveries[sequence] = nil
        if errors.isEmpty {
            shared?.acknowledge(sequence)
        } else if taken.attempt < settings.retry.attempts {
            let pause = settings.pause(beforeAttempt: taken.attempt + 1, of: sequence)
            // Another process may have taken those whose time has come.
            retrying = waitingRetries
            retrying[sequence] = AttemptRecord(
                count: taken.attempt,
                began: began,
                retryAt: store.clock.now + pause,
                errors: errors
            )
            shared?.giveBack(sequence, after: pause)
        } else {
            return bury(taken, .attemptsFailed, errors, began)
        }
        intake.release(sequence)
        takeMore()
        lookAtWaiters()
    }

    /// Stores a dead letter, however long that takes: the event is held until then.
    private func bury(
        _ taken: SharedEvent,
        _ reason: DeadLetter.Reason,
        _ errors: [String],
        _ began: StoreTime? = nil
    ) {
        let sequence = taken.event.sequence
        let letter = DeadLetter(
            event: taken.event,
            reason: reason,
            errors: errors,
            attempts: reason == .attemptsFailed ? taken.attempt : min(taken.attempt - 1, settings.retry.attempts),
            lastAttempt: began,
            buried: store.clock.now
        )
        callStore(for: taken) { shared throws(EventStoreError) in
            try await shared.bury(letter)
            return { runner in runner.noteBurial(of: sequence) }
        }
    }

    private func note(_ error: EventStoreError) { fault = error }

    private func noteBurial(of sequence: Int64) {
        deliveries[sequence] = nil
        intake.release(sequence)
        takeMore()
        lookAtWaiters()
    }

    private func wait(after error: EventStoreError) async {
        isTaking = false
        guard stage != .ended else { return }
        fault = error
        guard error.isTransient else { return await end() }
        faultCount += 1
        let time = store.clock.now + storePauses.pause(beforeAttempt: faultCount + 1)
        pause = Task.detached { [clock = store.clock] in
            if await clock.sleep(until: time) { await self.resume() }
        }
    }

    private func resume() {
        pause?.cancel()
        pause = nil
        takeMore()
    }
}

// Waiting, and ends.

extension SharedRunner {
    func lookAtWaiters() {
        let own = Set(waiters.waiters.compactMap(\.own))
        let areAllEnded = stage == .ended || deliveries.keys.allSatisfy(own.contains)
        let ended = waiters.removeAll { stage == .ended || ($0.isForEnd && areAllEnded) }
        for waiter in ended { waiter.continuation.resume(returning: waiter.isForEnd) }
        if endsWithOwn, deliveries.isEmpty { Task.detached { await self.end() } }
        guard stage == .running, deliveries.isEmpty, !waiters.isEmpty, !isAsking else { return }
        isAsking = true
        // Those who come while the store is asked may mean later events.
        let last = lastWaiter
        Task.detached { await self.resumeIfCaughtUp(last) }
    }

    private func resumeIfCaughtUp(_ last: Int) async {
        let progress = try? await shared?.progress()
        isAsking = false
        guard let progress, progress.waiting == 0, progress.taken == 0, stage == .running else { return }
        for waiter in waiters.removeAll(where: { !$0.isForEnd && $0.number <= last }) {
            waiter.continuation.resume(returning: true)
        }
    }

    /// Nothing: whoever waits asks the store anyway.
    func lookAgain() {}

    func beginStop() {
        guard stage == .running else { return }
        stage = .stopping
        pause?.cancel()
    }

    /// Ends it; returns when everything is given back, whoever has begun to end it.
    func end() async {
        guard stage != .ended else {
            await closing?.value
            return
        }
        stage = .ended
        pause?.cancel()
        report.givenBack = (report.givenBack + waitingRetries.keys + early.map(\.event.sequence)).sorted()
        early = []
        report.interrupted = deliveries.keys.sorted()
        for delivery in deliveries.values { delivery.cancel() }
        deliveries = [:]
        intake.releaseAll()
        closing = Task.detached { [shared] in await shared?.close() }
        lookAtWaiters()
        await closing?.value
    }

    /// The events that failed here and wait for their next attempt.
    private var waitingRetries: [Int64: AttemptRecord] {
        let now = store.clock.now
        return retrying.filter { $0.value.retryAt.map { $0 > now } ?? false }
    }

    func status() async throws(EventStoreError) -> DurableSubscription.Status {
        guard stage == .running || stage == .stopping, let shared else { return try await store.status(of: name) }
        let progress = try await shared.progress()
        let now = store.clock.now
        let retrying = waitingRetries
        return DurableSubscription.Status(
            waiting: progress.waiting,
            inFlight: max(deliveries.count, progress.taken - retrying.count),
            retrying: retrying.map { .init(sequence: $0.key, attempts: $0.value) }.sorted { $0.sequence < $1.sequence },
            dead: try await store.deadLetterCount(of: name),
            position: progress.position,
            lag: progress.oldest.map { max(.zero, now - $0) } ?? .zero,
            fault: fault,
            deliverer: .here
        )
    }
}
