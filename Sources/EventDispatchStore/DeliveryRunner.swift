import EventDispatch

/// Carries out what the machine of a subscription says: calls the store, fires events, waits.
///
/// Commands are carried out one after the other. A call that the store refuses for the time being is made again after a pause, and all
/// behind it wait. Deliveries run beside that, in tasks of their own.
actor DeliveryRunner {
    private enum Stage { case running, stopping, ended }

    private struct Waiter: Sendable {
        /// Resumed with whether what is waited for has come to be.
        let continuation: CheckedContinuation<Bool, Never>
        /// For those that wait until it stops: the delivery that the wait is inside of. Nil for those that wait until it has caught up.
        let isForEnd: Bool
        let own: Int64?
    }

    private let name: String
    private let store: any EventStore
    private let blocks: DurableBlocks
    private let order: DeliveryOrder
    private var machine: DeliveryMachine
    private var commands: [DeliveryMachine.Command] = []
    private var isPerforming = false
    /// The events that the machine holds, decoded, and those that are to be buried.
    private var events: [Int64: (stored: StoredEvent, event: (any StorableEvent)?)] = [:]
    private var deliveries: [Int64: Task<Void, Never>] = [:]
    private var wake: Task<Void, Never>?
    /// Waits until the store is called again after a fault.
    private var pause: Task<Void, Never>?
    private var faultCount = 0
    private var fault: EventStoreError?
    private var stage = Stage.running
    private var report = DurableStopReport()
    private var waiters = CancellableWaits<Waiter>()

    init(
        _ name: String,
        _ store: any EventStore,
        _ blocks: DurableBlocks,
        _ order: DeliveryOrder,
        _ settings: DeliveryMachine.Settings,
        _ record: SubscriptionRecord
    ) {
        self.name = name
        self.store = store
        self.blocks = blocks
        self.order = order
        machine = DeliveryMachine(settings, record)
    }

    /// Begins, with what an earlier process has left: dead letters that were to be delivered again, and events that it had begun with and
    /// that no block is for now.
    func start(_ returned: [StoredEvent], _ begun: [StoredEvent]) {
        for event in returned + begun.filter({ !blocks.knows($0) }) { enqueue(.returned(item(event))) }
        receive(.tick)
    }

    /// Tells the machine what has happened.
    func receive(_ message: DeliveryMachine.Message) {
        guard stage != .ended else { return }
        enqueue(message)
        carryOn()
    }

    /// Delivers a dead letter again.
    func redeliver(_ event: StoredEvent) {
        guard stage != .ended else { return }
        receive(.returned(item(event)))
    }

    private func enqueue(_ message: DeliveryMachine.Message) {
        commands += machine.receive(message, now: store.clock.now)
    }

    /// Reads an event, and says what it is for the machine.
    private func item(_ stored: StoredEvent) -> DeliveryMachine.Item {
        let sequence = stored.sequence
        guard blocks.knows(stored) else {
            events[sequence] = (stored, nil)
            return .init(sequence, .broken(.unknownName, "no block is for '\(stored.name)'"))
        }
        do {
            let event = try blocks.decode(stored)
            guard blocks.match(event) else { return .init(sequence, .unmatched) }
            events[sequence] = (stored, event)
            return .init(sequence, .wanted(order.lane(of: event, sequence)))
        } catch {
            events[sequence] = (stored, nil)
            return .init(sequence, .broken(.undecodable, "\(error)"))
        }
    }
}

// Carrying out commands.

extension DeliveryRunner {
    private func carryOn() {
        guard !isPerforming, pause == nil else { return }
        guard !commands.isEmpty else { return settle() }
        isPerforming = true
        // Detached: whoever told it something has task-local values that are no business of handlers.
        Task.detached { await self.performAll() }
    }

    private func performAll() async {
        while stage != .ended, !commands.isEmpty {
            let next = takeNext()
            do throws(EventStoreError) {
                try await perform(next)
                faultCount = 0
                fault = nil
            } catch {
                commands.insert(contentsOf: next, at: 0)
                isPerforming = false
                return await wait(after: error)
            }
        }
        isPerforming = false
        settle()
    }

    /// Takes out the next command, or as many as can be saved at once.
    private func takeNext() -> [DeliveryMachine.Command] {
        let next = Array(commands.prefix { $0.isSaved })
        let count = max(1, next.count)
        defer { commands.removeFirst(count) }
        return next.isEmpty ? [commands[0]] : next
    }

    private func perform(_ next: [DeliveryMachine.Command]) async throws(EventStoreError) {
        switch next[0] {
        case .record, .acknowledge, .bury:
            try await store.save(next.compactMap(change), of: name)
            for command in next {
                switch command {
                case .acknowledge(_, let sequences): for sequence in sequences { events[sequence] = nil }
                case .bury(let sequence, _, _, _): events[sequence] = nil
                default: break
                }
            }
        case .fetch(let sequence, let limit):
            let batch = try await store.read(after: sequence, limit: limit, blocks.interest)
            enqueue(.fetched(batch.events.map(item), upTo: batch.upTo, isEnd: batch.isEnd))
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
            guard let stored = events[sequence]?.stored else { return nil }
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
        guard let (stored, event) = events[sequence], let event else { return }
        let delivery = Delivery(
            id: stored.id,
            subscription: name,
            sequence: sequence,
            attempt: attempt,
            published: stored.time,
            trace: stored.trace,
            runner: ObjectIdentifier(self)
        )
        deliveries[sequence] = Task.detached { [blocks] in
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
    /// The pauses between calls that the store refuses.
    private static let pauses = RetryPolicy.exponential(
        from: .milliseconds(100),
        upTo: .seconds(30),
        attempts: .max
    )

    private func wait(after error: EventStoreError) async {
        fault = error
        guard error.isTransient else { return await end() }
        // Somebody waits for the end, and there is nothing more that can be saved.
        guard stage == .running else { return settle() }
        faultCount += 1
        let time = store.clock.now + Self.pauses.pause(beforeAttempt: faultCount + 1)
        pause = Task.detached { [clock = store.clock] in
            if await clock.sleep(until: time) { await self.resume() }
        }
    }

    private func resume() {
        pause?.cancel()
        pause = nil
        carryOn()
    }

    /// Resumes those who wait for what has come to be.
    private func settle() {
        let hasNothingToDo = !isPerforming && pause == nil && (commands.isEmpty || stage == .stopping)
        let isCaughtUp = hasNothingToDo && machine.isCaughtUp
        let running = deliveries.keys
        let ready = waiters.removeAll { waiter in
            if stage == .ended { return true }
            if !waiter.isForEnd { return isCaughtUp }
            return hasNothingToDo && running.allSatisfy { $0 == waiter.own }
        }
        for waiter in ready { waiter.continuation.resume(returning: stage != .ended || waiter.isForEnd) }
    }

    private func wait(untilEnd isForEnd: Bool, insideOf own: Int64?, deadline: Duration?) async -> Bool {
        let id = waiters.begin()
        let timer = deadline.map { deadline in
            let time = store.clock.now + deadline
            return Task.detached { [clock = store.clock] in
                if await clock.sleep(until: time) { await self.release(id) }
            }
        }
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Waiter(continuation: continuation, isForEnd: isForEnd, own: own)
                if waiters.add(waiter, to: id) { carryOn() } else { continuation.resume(returning: false) }
            }
        } onCancel: {
            Task.detached { await self.release(id) }
        }
    }

    private func release(_ id: Int) { waiters.cancel(id)?.continuation.resume(returning: false) }

    /// Waits until nothing that is stored waits or is delivered.
    func waitUntilCaughtUp() async throws {
        // Looks once more: a store may be late in telling what was appended.
        receive(.appended)
        if stage == .running, await wait(untilEnd: false, insideOf: nil, deadline: nil) { return }
        try Task.checkCancellation()
        throw fault ?? EventStoreError(.stopped, "'\(name)' is stopped")
    }

    func stop(deadline: Duration?, insideOf own: Int64?) async -> DurableStopReport {
        if stage == .running {
            stage = .stopping
            enqueue(.stop)
            for case .deliver(let sequence, _) in commands { enqueue(.notBegun(sequence)) }
            commands.removeAll { command in if case .deliver = command { true } else { false } }
            resume()
        }
        if stage == .stopping { _ = await wait(untilEnd: true, insideOf: own, deadline: deadline) }
        await end()
        return report
    }

    private func end() async {
        guard stage != .ended else { return }
        stage = .ended
        wake?.cancel()
        pause?.cancel()
        let interrupted = deliveries.keys.sorted()
        for delivery in deliveries.values { delivery.cancel() }
        report.givenBack = machine.waiting
        report.interrupted = interrupted
        for case .acknowledge(_, let sequences) in commands { report.unacknowledged += sequences }
        deliveries = [:]
        events = [:]
        commands = []
        settle()
        await store.close(name)
    }

    func status() async throws(EventStoreError) -> DurableSubscription.Status {
        let behind = try await store.backlog(after: machine.fetchedUpTo, blocks.interest)
        let dead = try await store.deadLetters(of: name).count
        let retrying = machine.retrying
        let oldest = (events.values.map(\.stored.time) + [behind.oldest].compactMap { $0 }).min()
        return DurableSubscription.Status(
            waiting: machine.waiting.count - retrying.count + behind.count,
            inFlight: machine.inFlight.count,
            retrying: retrying.map { .init(sequence: $0.sequence, attempts: $0.attempts) },
            dead: dead,
            position: machine.position,
            lag: oldest.map { max(.zero, store.clock.now - $0) } ?? .zero,
            fault: fault,
            isStopped: stage == .ended
        )
    }
}

extension DeliveryMachine.Command {
    /// Whether it is carried out by saving something.
    fileprivate var isSaved: Bool {
        switch self {
        case .record, .acknowledge, .bury: true
        case .fetch, .deliver, .extend, .cancel, .wakeAt: false
        }
    }
}
