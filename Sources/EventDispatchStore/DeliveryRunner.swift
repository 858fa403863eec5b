import EventDispatch

/// Carries out what the machine of a subscription says: calls the store, fires events, waits.
///
/// Commands are carried out one after the other. A call that the store refuses for the time being is made again after a pause, and all
/// behind it wait. Deliveries run beside that, in tasks of their own.
actor DeliveryRunner: SubscriptionRunner {
    nonisolated let name: String
    nonisolated let claimID = ClaimID()
    nonisolated let store: any EventStore
    private let start: StartingPoint
    private let settings: DeliveryMachine.Settings
    private var machine: DeliveryMachine
    private var intake: DeliveryIntake
    var blocks: DurableBlocks { intake.blocks }
    private var commands: [DeliveryMachine.Command] = []
    private var isPerforming = false
    private var performing: Task<Void, Never>?
    private var isClaiming = false
    /// Whether the store has to be asked for dead letters that are to be delivered again.
    private var seeksReturned = false
    private(set) var deliveries: [Int64: Task<Void, Never>] = [:]
    private var wake: Task<Void, Never>?
    /// Waits until the store is called again after a fault.
    private var pause: Task<Void, Never>?
    private var faultCount = 0
    private(set) var fault: EventStoreError?
    private(set) var stage = RunnerStage.standby
    private(set) var report = DurableStopReport()
    var waiters = CancellableWaits<RunnerWaiter>()
    var lastWaiter = 0
    var endsWithOwn = false
    private var isClosed = false
    /// Those who wait until a claim that goes on has ended, or until the subscription is closed.
    private var closing: [CheckedContinuation<Void, Never>] = []

    init(
        _ name: String,
        from start: StartingPoint,
        in store: any EventStore,
        _ blocks: DurableBlocks,
        _ order: DeliveryOrder,
        _ settings: DeliveryMachine.Settings
    ) {
        self.name = name
        self.store = store
        self.start = start
        self.settings = settings
        intake = DeliveryIntake(blocks, order)
        machine = DeliveryMachine(settings, SubscriptionRecord(position: 0))
    }

    /// Opens the subscription, and begins to deliver, unless another process has it.
    func claim() async throws(EventStoreError) {
        guard stage == .standby, !isClaiming else { return }
        isClaiming = true
        pause = nil
        defer {
            isClaiming = false
            resumeClosing()
        }
        // Detached: whoever told it something has task-local values that are no business of handlers.
        let record = try await store.open(name, as: claimID, from: start) { notice in
            Task.detached { await self.take(notice) }
        }
        do throws(EventStoreError) {
            if let record { try await begin(record) }
        } catch {
            await store.close(name, as: claimID)
            throw error
        }
    }

    /// Begins with what an earlier process has left: dead letters that were to be delivered again, events that it had begun with and that
    /// no block is for now, and events of names that it took and no block is for now.
    private func begin(_ record: SubscriptionRecord) async throws(EventStoreError) {
        let begun = try await store.events(at: record.attempts.keys.sorted())
        let former = intake.former(of: record.interest)
        if former.isEmpty, record.interest != intake.interest {
            try await store.save([.interested(intake.interest)], of: name)
        }
        guard stage == .standby else { return }
        machine = DeliveryMachine(settings, record)
        intake.include(former)
        stage = .running
        for event in record.returned + begun.filter({ !intake.blocks.knows($0) }) { takeReturned(event) }
        receive(.tick)
    }

    /// Looks at what the store has told.
    func take(_ notice: StoreNotice) async {
        switch notice {
        case .appended:
            receive(.appended)
        case .returned:
            seeksReturned = true
            carryOn()
        case .released:
            do throws(EventStoreError) {
                try await claim()
                try await resumeIfCaughtUp()
            } catch {
                fault = error
                guard error.isTransient else { return await end() }
                waitForStore { await self.take(.released) }
            }
        }
    }

    /// Tells the machine what has happened.
    private func receive(_ message: DeliveryMachine.Message) {
        guard stage == .running || stage == .stopping else { return }
        enqueue(message)
        carryOn()
    }

    /// Resumes those who wait until everything is done, when another process has done it.
    private func resumeIfCaughtUp() async throws(EventStoreError) {
        guard stage == .standby, !waiters.isEmpty else { return }
        // Those who come while the store is asked may mean later events.
        let last = lastWaiter
        guard try await store.record(of: name)?.interest != nil else { return }
        let status = try await store.status(of: name)
        guard status.waiting == 0, status.inFlight == 0, status.retrying.isEmpty, stage == .standby else { return }
        for waiter in waiters.removeAll(where: { $0.number <= last }) { waiter.continuation.resume(returning: true) }
    }

    private func enqueue(_ message: DeliveryMachine.Message) {
        commands += machine.receive(message, now: store.clock.now)
    }
}

// Carrying out commands.

extension DeliveryRunner {
    private func carryOn() {
        guard stage == .running || stage == .stopping, !isPerforming, pause == nil else { return }
        guard hasWork else { return settle() }
        isPerforming = true
        performing = Task.detached { await self.performAll() }
    }

    private var hasWork: Bool { !commands.isEmpty || seeksReturned || intake.canSaveInterest }

    private func performAll() async {
        while stage != .ended, hasWork {
            let seeks = seeksReturned
            // Cleared before: what is returned while the store is asked has to be looked for again.
            seeksReturned = false
            let next = seeks ? [] : takeNext()
            do throws(EventStoreError) {
                if seeks {
                    try await takeReturned()
                } else if next.isEmpty {
                    try await store.save([.interested(intake.interest)], of: name)
                    intake.noteSavedInterest()
                } else {
                    try await perform(next)
                }
                faultCount = 0
                fault = nil
            } catch {
                commands.insert(contentsOf: next, at: 0)
                seeksReturned = seeksReturned || seeks
                isPerforming = false
                return await wait(after: error)
            }
        }
        isPerforming = false
        settle()
    }

    /// Takes in dead letters that are to be delivered again, and that it doesn't hold.
    private func takeReturned() async throws(EventStoreError) {
        guard let record = try await store.record(of: name) else { return }
        // One whose end isn't saved yet is still held, and mustn't begin again.
        for event in record.returned where !intake.holds(event.sequence) { takeReturned(event) }
    }

    private func takeReturned(_ event: StoredEvent) { enqueue(.returned(intake.take(event))) }

    /// Takes out the next command, or as many as can be saved at once.
    ///
    /// What is saved may go before deliveries that stand before it: a delivery only needs its own record to be saved.
    private func takeNext() -> [DeliveryMachine.Command] {
        guard let first = commands.first else { return [] }
        guard first.isSaved else { return [commands.removeFirst()] }
        let end = commands.firstIndex { !$0.isSaved && !$0.isDelivery } ?? commands.endIndex
        let next = commands[..<end].filter(\.isSaved)
        commands.replaceSubrange(..<end, with: commands[..<end].filter(\.isDelivery))
        return next
    }

    private func perform(_ next: [DeliveryMachine.Command]) async throws(EventStoreError) {
        switch next[0] {
        case .record, .acknowledge, .bury:
            try await store.save(next.compactMap(change), of: name)
            for command in next {
                switch command {
                case .acknowledge(_, let sequences): for sequence in sequences { intake.release(sequence) }
                case .bury(let sequence, _, _, _): intake.release(sequence)
                default: break
                }
            }
        case .fetch(let sequence, let limit):
            let batch = try await store.read(after: sequence, limit: limit, intake.interest)
            if batch.isEnd { intake.reachEnd() }
            var items: [DeliveryMachine.Item] = []
            for event in batch.events where machine.wants(event.sequence) { items.append(intake.take(event)) }
            enqueue(.fetched(items, upTo: batch.upTo, isEnd: batch.isEnd))
        case .deliver(let sequence, let attempt):
            deliver(sequence, attempt)
        case .extend(let sequence):
            do throws(EventStoreError) {
                try await store.extend(sequence, of: name)
            } catch {
                enqueue(.overran(sequence))
            }
        case .cancel(let sequence):
            deliveries[sequence]?.cancel()
        case .wakeAt(let time):
            wake?.cancel()
            wake = Task.detached { [clock = store.clock] in
                if await clock.sleep(until: time) { await self.receive(.tick) }
            }
        }
    }

    private func change(_ command: DeliveryMachine.Command) -> SubscriptionChange? {
        switch command {
        case .record(let sequence, let attempts):
            return .attempted(sequence, attempts)
        case .acknowledge(let end, let sequences):
            return .done(upTo: end, sequences)
        case .bury(let sequence, let reason, let attempts, let errors):
            guard let stored = intake.stored(sequence) else { return nil }
            let letter = DeadLetter(
                event: stored,
                reason: reason,
                errors: errors,
                attempts: attempts?.count ?? 0,
                lastAttempt: attempts?.began,
                buried: store.clock.now
            )
            return .buried(letter)
        case .fetch, .deliver, .extend, .cancel, .wakeAt:
            return nil
        }
    }

    private func deliver(_ sequence: Int64, _ attempt: Int) {
        guard let stored = intake.stored(sequence), let event = intake.event(sequence) else { return }
        let delivery = Delivery(
            id: stored.id,
            subscription: name,
            sequence: sequence,
            attempt: attempt,
            published: stored.time,
            trace: stored.trace,
            runner: ObjectIdentifier(self)
        )
        deliveries[sequence] = Task.detached { [blocks = intake.blocks] in
            let errors = await Delivery.$current.withValue(delivery) { await blocks.fire(event) }
            await self.noteEnd(of: sequence, errors)
        }
    }

    private func noteEnd(of sequence: Int64, _ errors: [String]) {
        guard stage != .ended else { return }
        deliveries[sequence] = nil
        enqueue(errors.isEmpty ? .succeeded(sequence) : .failed(sequence, errors))
        carryOn()
    }
}

// Faults of the store, and ends.

extension DeliveryRunner {
    private func wait(after error: EventStoreError) async {
        fault = error
        guard stage != .ended else { return }
        guard error.isTransient else { return await end() }
        // Somebody waits for the end, and there is nothing more that can be saved.
        guard stage == .running else { return settle() }
        waitForStore { await self.resume() }
    }

    private func waitForStore(_ then: @escaping @Sendable () async -> Void) {
        faultCount += 1
        let time = store.clock.now + storePauses.pause(beforeAttempt: faultCount + 1)
        pause = Task.detached { [clock = store.clock] in
            if await clock.sleep(until: time) { await then() }
        }
    }

    private func resume() {
        pause?.cancel()
        pause = nil
        carryOn()
    }

    /// Resumes those who wait for what has come to be.
    private func settle() {
        guard stage != .standby else { return }
        let hasNothingToDo = !isPerforming && pause == nil && (!hasWork || stage == .stopping)
        let isCaughtUp = hasNothingToDo && machine.isCaughtUp
        let running = deliveries.keys
        let own = Set(waiters.waiters.compactMap(\.own))
        let ready = waiters.removeAll { waiter in
            if stage == .ended { return true }
            if !waiter.isForEnd { return isCaughtUp }
            // Handlers that stop the subscription wait for the others, and not for each other.
            return hasNothingToDo && running.allSatisfy(own.contains)
        }
        for waiter in ready { waiter.continuation.resume(returning: stage != .ended || waiter.isForEnd) }
        if endsWithOwn, hasNothingToDo, deliveries.isEmpty { Task.detached { await self.end() } }
    }

    func lookAtWaiters() { carryOn() }

    func lookAgain() {
        seeksReturned = true
        receive(.appended)
    }

    func beginStop() async {
        if stage == .standby { await end() }
        guard stage == .running else { return }
        stage = .stopping
        enqueue(.stop)
        for case .deliver(let sequence, _) in commands { enqueue(.notBegun(sequence)) }
        commands.removeAll { command in if case .deliver = command { true } else { false } }
        resume()
    }

    func end() async {
        guard stage != .ended else { return await waitUntilClosed() }
        stage = .ended
        wake?.cancel()
        pause?.cancel()
        report.givenBack = machine.waiting
        report.interrupted = deliveries.keys.sorted()
        for delivery in deliveries.values { delivery.cancel() }
        deliveries = [:]
        settle()
        // What is being saved belongs to this process, and the next one mustn't begin before it. If it's refused, it is back among the
        // commands.
        if isPerforming { await performing?.value }
        await saveRest()
        // A claim that goes on is the store's before it can be given up.
        if isClaiming { await withCheckedContinuation { closing.append($0) } }
        await store.close(name, as: claimID)
        isClosed = true
        resumeClosing()
    }

    private func waitUntilClosed() async {
        while !isClosed { await withCheckedContinuation { closing.append($0) } }
    }

    private func resumeClosing() {
        for continuation in closing { continuation.resume() }
        closing = []
    }

    /// Saves what a deadline has left: acknowledgements, and attempts that were recorded and haven't begun. A store that has a fault isn't
    /// asked again.
    private func saveRest() async {
        let rest = commands.filter(\.isSaved)
        commands = []
        defer { intake.releaseAll() }
        guard !rest.isEmpty else { return }
        do throws(EventStoreError) {
            if let fault { throw fault }
            try await store.save(rest.compactMap(change), of: name)
        } catch {
            fault = error
            for case .acknowledge(_, let sequences) in rest { report.unacknowledged += sequences }
        }
    }

    func status() async throws(EventStoreError) -> DurableSubscription.Status {
        guard stage != .standby else { return try await store.status(of: name) }
        // Of one moment: while the store is asked, events are fetched and end.
        let (machine, oldestHeld) = (machine, intake.oldest)
        let behind = try await store.backlog(after: machine.fetchedUpTo, intake.interest)
        let dead = try await store.deadLetterCount(of: name)
        let retrying = machine.retrying
        let oldest = [oldestHeld, behind.oldest].compactMap { $0 }.min()
        return DurableSubscription.Status(
            waiting: machine.waiting.count - retrying.count + behind.count,
            inFlight: machine.inFlight.count,
            retrying: retrying.map { .init(sequence: $0.sequence, attempts: $0.attempts) },
            dead: dead,
            position: machine.position,
            lag: oldest.map { max(.zero, store.clock.now - $0) } ?? .zero,
            fault: fault,
            deliverer: stage == .ended ? try await store.deliverer(of: name) : .here
        )
    }
}

extension DeliveryMachine.Command {
    fileprivate var isDelivery: Bool { if case .deliver = self { true } else { false } }

    /// Whether it is carried out by saving something.
    fileprivate var isSaved: Bool {
        switch self {
        case .record, .acknowledge, .bury: true
        case .fetch, .deliver, .extend, .cancel, .wakeAt: false
        }
    }
}
