import EventDispatch

/// Reads events of one store, appends them to another, and saves in the first that it has.
///
/// One step after the other, in one task; a step that a store refuses for the time being is made again.
///
/// A store remembers IDs for a while only, and a process may have ended between an append and the save of it. So what is about to be appended
/// is written down before, with the end of the target: the *mark*. Where an append may have been made, its events are looked for behind the
/// mark before they are appended again.
actor ForwardRunner: WaitedFor {
    /// How many events are read and appended at a time.
    private static let batch = 128
    /// The pauses between calls that a store refuses.
    private static let pauses = RetryPolicy.exponential(from: .milliseconds(100), upTo: .seconds(10), attempts: .max)

    private let name: String
    nonisolated let claimID = ClaimID()
    private let source: any EventStore
    private let beginning: StartingPoint
    private let target: any EventStore

    private var stage = RunnerStage.standby
    /// Up to where the target has everything.
    private var position: Int64 = 0
    /// Up to where the source knows that.
    private var saved: Int64 = 0
    /// Up to where events have been read.
    private var readUpTo: Int64 = 0
    /// The events that were read and that the target isn't known to have.
    private var fetched: [StoredEvent] = []
    /// The first of them that are appended at a time; one, while it's to be found out which one is refused.
    private var atOnce = ForwardRunner.batch
    /// Later events that are dead letters.
    private var buried: Set<Int64> = []
    /// Events that may be at the target though it isn't known are behind this sequence of it; nil until it's asked.
    private var mark: Int64?
    /// Up to where events may be at the target though it isn't known.
    private var doubtful: Int64 = 0
    /// Up to where it's written down that events are about to be appended.
    private var announced: Int64 = 0
    /// Whether the source has to be asked for dead letters that are to be forwarded again.
    private var seeksReturned = false

    private var loop: Task<Void, Never>?
    private var hasNews = false
    private var idle: CheckedContinuation<Void, Never>?
    private var pause: Task<Void, Never>?
    /// The events that the target is being given.
    private var appending: [Int64] = []
    private var faultCount = 0
    private var fault: EventStoreError?
    private var report = DurableStopReport()
    /// Whether it has ended while the target was being given something.
    private var isAbandoned = false
    nonisolated var clock: StoreClock { source.clock }
    var waiters = CancellableWaits<RunnerWaiter>()
    var lastWaiter = 0

    init(_ name: String, from source: any EventStore, startingAt start: StartingPoint, to target: any EventStore) {
        (self.name, self.source, self.target) = (name, source, target)
        beginning = start
    }

    /// Opens the subscription, and begins to forward, unless another process does.
    func start() async throws(EventStoreError) {
        try await claim()
        loop = Task.detached { await self.run() }
    }

    /// Looks at what the source has told.
    private func take(_ notice: StoreNotice) {
        if notice == .returned { seeksReturned = true }
        noteNews()
    }

    private func noteNews() {
        hasNews = true
        idle?.resume()
        idle = nil
    }
}

// Steps.

extension ForwardRunner {
    private func run() async {
        while stage == .standby || stage == .running {
            hasNews = false
            do throws(EventStoreError) {
                let outcome = try await step()
                (fault, faultCount) = (nil, 0)
                // Who has come while the stores were asked has brought news, and isn't told yet.
                guard outcome != .progress, !hasNews, stage == .standby || stage == .running else { continue }
                if outcome == .caughtUp {
                    for waiter in waiters.removeAll(where: { !$0.isForEnd }) {
                        waiter.continuation.resume(returning: true)
                    }
                }
                await withCheckedContinuation { idle = $0 }
            } catch {
                guard stage != .ended else { return }
                fault = error
                guard error.isTransient else { break }
                await pauseAfterFault()
            }
        }
        await end()
    }

    private enum Outcome {
        case progress
        /// There is nothing to do until somebody tells something.
        case idle
        /// The same, because everything is forwarded.
        case caughtUp
    }

    /// Does the next thing.
    private func step() async throws(EventStoreError) -> Outcome {
        if stage == .standby {
            try await claim()
            if stage == .standby { return try await isForwardedElsewhere() ? .caughtUp : .idle }
        }
        if seeksReturned {
            try await forwardReturned()
        } else if fetched.isEmpty {
            let batch = try await source.read(after: readUpTo, limit: Self.batch, .everything)
            fetched = batch.events.filter { !buried.contains($0.sequence) }
            readUpTo = max(readUpTo, batch.upTo)
            guard fetched.isEmpty else { return .progress }
            position = readUpTo
            try await save()
            return batch.isEnd ? .caughtUp : .progress
        } else {
            try await forwardNext()
        }
        return .progress
    }

    private func claim() async throws(EventStoreError) {
        let record = try await source.open(name, as: claimID, from: beginning) { notice in
            Task.detached { await self.take(notice) }
        }
        guard let record else { return }
        do throws(EventStoreError) {
            if record.interest != .everything { try await source.save([.interested(.everything)], of: name) }
        } catch {
            await source.close(name, as: claimID)
            throw error
        }
        (position, saved, readUpTo) = (record.position, record.position, record.position)
        buried = record.done
        for case (let sequence, let attempt) in record.attempts {
            guard let other = attempt.mark else { continue }
            mark = min(mark ?? other, other)
            doubtful = max(doubtful, sequence)
        }
        seeksReturned = !record.returned.isEmpty
        if stage == .standby { stage = .running }
    }

    /// Whether the process that forwards has forwarded everything.
    private func isForwardedElsewhere() async throws(EventStoreError) -> Bool {
        guard try await source.record(of: name)?.interest != nil else { return false }
        let status = try await source.status(of: name)
        return status.waiting == 0 && status.inFlight == 0
    }

    /// Appends the next events to the target.
    private func forwardNext() async throws(EventStoreError) {
        let next = Array(fetched.prefix(atOnce))
        guard let first = next.first?.sequence, let last = next.last?.sequence else { return }
        try await announce(upTo: last)
        guard stage == .running else { return }
        do throws(EventStoreError) {
            try await append(next, isDoubtful: first <= doubtful)
        } catch {
            guard stage != .ended else { throw error }
            doubtful = max(doubtful, last)
            guard error.code == .tooLarge else { throw error }
            // Which of them is too large is seen when each is appended by itself.
            guard next.count == 1 else { return atOnce = 1 }
            try await bury(next[0], error)
        }
        guard stage != .ended else { return }
        fetched.removeFirst(next.count)
        position = last
        if fetched.isEmpty { (position, atOnce) = (readUpTo, Self.batch) }
    }

    /// Writes down that events are about to be appended, and how far the target is, with what has been appended before.
    private func announce(upTo last: Int64) async throws(EventStoreError) {
        guard announced < last else { return }
        if mark == nil { mark = try await target.read(after: 0, limit: 1, EventInterest()).upTo }
        let attempt = AttemptRecord(markedAt: mark ?? 0, source.clock.now)
        try await save([.attempted(fetched.last?.sequence ?? last, attempt)])
        announced = fetched.last?.sequence ?? last
    }

    private func append(_ events: [StoredEvent], isDoubtful: Bool) async throws(EventStoreError) {
        appending = events.map(\.sequence)
        defer { appending = [] }
        var events = events
        if isDoubtful {
            let found = try await idsAtTarget(of: events)
            events.removeAll { found.contains($0.id) }
        }
        guard !events.isEmpty, stage != .ended else { return }
        let last = appending.last ?? 0
        let sequences = try await target.append(events)
        // What is appended from now on stands behind these. Of what is in doubt after them that isn't known.
        if doubtful <= last { mark = max(mark ?? 0, sequences.max() ?? 0) }
    }

    /// Which of some events stand behind the mark.
    private func idsAtTarget(of events: [StoredEvent]) async throws(EventStoreError) -> Set<String> {
        var missing = Set(events.map(\.id))
        var found: Set<String> = []
        var interest = EventInterest()
        interest.parts = Set(events.map(\.name)).sorted().map { .init(name: $0, routing: [:]) }
        var end = mark ?? 0
        var isEnd = false
        while !isEnd, !missing.isEmpty, stage == .running {
            let batch = try await target.read(after: end, limit: 1_000, interest)
            for event in batch.events where missing.remove(event.id) != nil { found.insert(event.id) }
            (end, isEnd) = (batch.upTo, batch.isEnd)
        }
        return found
    }

    /// Saves changes, and up to where the target has everything.
    private func save(_ changes: [SubscriptionChange] = []) async throws(EventStoreError) {
        let end = position
        let all = (end > saved ? [.done(upTo: end, [])] : []) + changes
        guard !all.isEmpty else { return }
        try await source.save(all, of: name)
        saved = end
        buried = buried.filter { $0 > end }
    }

    private func bury(_ event: StoredEvent, _ error: EventStoreError) async throws(EventStoreError) {
        let now = source.clock.now
        let letter = DeadLetter(
            event: event,
            reason: .refused,
            errors: [error.description],
            attempts: 1,
            lastAttempt: now,
            buried: now
        )
        try await save([.buried(letter)])
    }

    /// Appends dead letters that are to be forwarded again.
    private func forwardReturned() async throws(EventStoreError) {
        // Before the source is asked: what is returned meanwhile has to be looked for again.
        seeksReturned = false
        do throws(EventStoreError) {
            for event in try await source.record(of: name)?.returned ?? [] where stage == .running {
                do throws(EventStoreError) {
                    try await append([event], isDoubtful: false)
                    try await save([.done(upTo: position, [event.sequence])])
                } catch  where error.code == .tooLarge {
                    try await bury(event, error)
                }
            }
        } catch {
            seeksReturned = true
            throw error
        }
    }
}

extension AttemptRecord {
    private static let text = "it may stand in the other store, after "

    /// The record of events that are about to be appended to a store that has so many.
    fileprivate init(markedAt mark: Int64, _ now: StoreTime) {
        self.init(count: 1, began: now, errors: ["\(Self.text)\(mark)"])
    }

    /// How many events the other store had.
    fileprivate var mark: Int64? {
        errors.first.flatMap { $0.hasPrefix(Self.text) ? Int64($0.dropFirst(Self.text.count)) : nil }
    }
}

// Faults, waits and ends.

extension ForwardRunner {
    private func pauseAfterFault() async {
        guard stage == .standby || stage == .running else { return }
        faultCount += 1
        let time = source.clock.now + Self.pauses.pause(beforeAttempt: faultCount + 1)
        let pause = Task.detached { [clock = source.clock] in _ = await clock.sleep(until: time) }
        self.pause = pause
        await pause.value
        self.pause = nil
    }

    func lookAtWaiters() {
        guard stage == .ended else { return noteNews() }
        for waiter in waiters.removeAll() { waiter.continuation.resume(returning: waiter.isForEnd) }
    }

    /// Waits until everything that is stored is forwarded.
    func waitUntilCaughtUp() async throws {
        seeksReturned = true
        if stage == .standby || stage == .running, await wait(untilEnd: false) { return }
        try Task.checkCancellation()
        throw fault ?? EventStoreError(.stopped, "'\(name)' is stopped")
    }

    func stop(deadline: Duration?) async -> DurableStopReport {
        if stage == .standby || stage == .running { stage = .stopping }
        pause?.cancel()
        noteNews()
        let hasEnded = await wait(untilEnd: true, deadline: deadline)
        if !hasEnded, stage == .stopping, !appending.isEmpty {
            // The target isn't waited for. The source is: what is being saved there belongs to this process.
            isAbandoned = true
            report.interrupted = appending
            loop?.cancel()
            await end()
        }
        if !isAbandoned { await loop?.value }
        return report
    }

    private func end() async {
        guard stage != .ended else { return }
        stage = .ended
        let interrupted = Set(report.interrupted)
        report.givenBack = fetched.map(\.sequence).filter { !interrupted.contains($0) }
        fetched = []
        if position > saved {
            do throws(EventStoreError) {
                if let fault { throw fault }
                try await save()
            } catch {
                fault = error
                report.unacknowledged = Array(saved + 1...position)
            }
        }
        await source.close(name, as: claimID)
        lookAtWaiters()
    }

    func status() async throws(EventStoreError) -> DurableSubscription.Status {
        let known = try await source.status(of: name)
        guard stage != .standby else { return known.with(fault: fault) }
        // The store takes the batch that was written down for one event in flight.
        let waiting = known.waiting + known.inFlight
        return known.with(fault: fault, waiting: max(0, waiting - appending.count), inFlight: appending.count)
    }
}
