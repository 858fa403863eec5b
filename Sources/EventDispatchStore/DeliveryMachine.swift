import EventDispatch

/// Decides what becomes of the events of one durable subscription: which to fetch and to deliver, when to try again, when to give up, and
/// what is done.
///
/// A value without locks, clocks and tasks. Somebody tells it what happens, with the time, and carries out the commands that it returns:
/// in their order, each when those before it have succeeded. That's all it has to be given for the promises: an attempt is saved before its
/// delivery begins, because the one command stands before the other.
///
/// Events are in *lanes*. The first of a lane is delivered, or waits for its next attempt; the others wait for it. With one lane that is
/// one order, with a lane for each value one order per value, and with a lane for each event none.
package struct DeliveryMachine: Sendable {
    /// What doesn't change while it runs.
    package struct Settings: Sendable {
        /// How many deliveries go on at a time.
        package var atOnce = 1
        /// How often an event is tried, and after which pauses.
        package var retry = RetryPolicy.immediate(attempts: 1)
        /// By which part of itself a pause may be shorter, from 0 to 1.
        package var jitter = 0.0
        /// Makes the pauses of subscriptions differ.
        package var seed: UInt64 = 0
        /// How many events are held at a time that aren't done.
        package var window = 1024
        /// How many bytes there are of them, before no more are fetched.
        package var windowBytes = 16 << 20
        /// How many events are fetched at a time.
        package var batch = 64
        /// How long an event is held by the store for this process.
        package var lease: Duration?

        package init() {}
    }

    /// An event as it was fetched, as far as it matters here.
    package struct Item: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// Handlers match it.
            case wanted(Lane)
            /// No handler does.
            case unmatched
            /// It can't be delivered.
            case broken(DeadLetter.Reason, String)
        }

        package let sequence: Int64
        package let kind: Kind
        /// How much memory it takes.
        package let bytes: Int

        package init(_ sequence: Int64, _ kind: Kind, bytes: Int = 0) {
            self.sequence = sequence
            self.kind = kind
            self.bytes = bytes
        }
    }

    /// What happens.
    package enum Message: Hashable, Sendable {
        /// The subscription begins, or time has passed.
        case tick
        /// Events may have been appended to the store.
        case appended
        /// A fetch has brought events, all that there are for the subscription up to a sequence.
        case fetched([Item], upTo: Int64, isEnd: Bool)
        /// A dead letter is to be delivered again, or an event that an earlier process began with is none for any handler now.
        case returned(Item)
        /// The delivery of an event has ended well.
        case succeeded(Int64)
        /// The delivery of an event has ended, and not well.
        case failed(Int64, [String])
        /// The lease of an event that is delivered is lost.
        case overran(Int64)
        /// A delivery that was to begin hasn't, and won't.
        case notBegun(Int64)
        /// No further delivery may begin.
        case stop
    }

    /// What is to be done.
    package enum Command: Hashable, Sendable {
        case fetch(after: Int64, limit: Int)
        /// Save that an attempt begins, or when the next one does.
        case record(Int64, AttemptRecord)
        case deliver(Int64, attempt: Int)
        /// Save that all events up to a sequence are done, and some others.
        case acknowledge(upTo: Int64, [Int64])
        /// Save that an event is a dead letter.
        case bury(Int64, DeadLetter.Reason, AttemptRecord?, [String])
        case extend(Int64)
        /// Cancel a delivery, and tell how it ended all the same.
        case cancel(Int64)
        /// Send a tick at a time; an earlier such command is void.
        case wakeAt(StoreTime)
    }

    private struct Entry {
        let lane: Lane
        let isReturned: Bool
        let bytes: Int
        var attempts: AttemptRecord?
        /// Whether it was under way when an earlier process ended, and may have been why.
        var isSuspect = false
        var isRunning = false
        var hasOverrun = false
        /// When the lease has to be extended.
        var extendAt: StoreTime?
    }

    private let settings: Settings
    /// Up to where everything is done, and has been acknowledged or is about to be.
    package private(set) var position: Int64
    /// Up to where events have been fetched.
    package private(set) var fetchedUpTo: Int64
    private var done: Set<Int64>
    /// Attempts of earlier processes, of events that haven't been fetched yet.
    private var earlierAttempts: [Int64: AttemptRecord]
    private var entries: [Int64: Entry] = [:]
    /// The events of each lane that aren't done, the one whose turn it is first.
    private var lanes: [Lane: [Int64]] = [:]
    /// The fetched events that aren't done, sorted; those that came back by themselves aren't among them.
    private var unfinished: [Int64] = []
    /// The first of their lanes that may begin, sorted.
    private var ready: [Int64] = []
    /// The first of their lanes that wait for their next attempt.
    private var delayed: Set<Int64> = []
    private var running: Set<Int64> = []
    /// What has been done since the last acknowledgement.
    private var finished: [Int64] = []
    private var heldBytes = 0
    private var isFetching = false
    private var mayHaveMore = true
    private var isStopping = false
    private var nextWake: StoreTime?

    /// Makes the machine of a subscription that begins or goes on.
    package init(_ settings: Settings, _ record: SubscriptionRecord) {
        self.settings = settings
        position = record.position
        fetchedUpTo = record.position
        done = record.done
        earlierAttempts = record.attempts
    }

    /// The events that have been fetched and neither begun nor done, sorted; those that wait for their next attempt among them.
    package var waiting: [Int64] { entries.keys.filter { !running.contains($0) }.sorted() }

    /// The events that are delivered, sorted.
    package var inFlight: [Int64] { running.sorted() }

    /// The events that have failed and are to be tried again, with their attempts.
    package var retrying: [(sequence: Int64, attempts: AttemptRecord)] {
        entries.compactMap { sequence, entry in
            guard let attempts = entry.attempts, !entry.isRunning, attempts.count > 0 else { return nil }
            return (sequence, attempts)
        }
        .sorted { $0.sequence < $1.sequence }
    }

    /// Whether a fetched event is neither done nor held.
    package func wants(_ sequence: Int64) -> Bool {
        sequence > fetchedUpTo && !done.contains(sequence) && entries[sequence] == nil
    }

    /// Whether nothing that is stored waits or is delivered, as far as is known.
    package var isCaughtUp: Bool { entries.isEmpty && !isFetching && !mayHaveMore }

    /// Takes in what happens, and says what is to be done.
    package mutating func receive(_ message: Message, now: StoreTime) -> [Command] {
        var commands: [Command] = []
        switch message {
        case .tick: nextWake = nil
        case .appended: mayHaveMore = true
        case .fetched(let items, let end, let isEnd): take(items, upTo: end, isEnd: isEnd, now, &commands)
        case .returned(let item): take(item, isReturned: true, now, &commands)
        case .succeeded(let sequence): end(sequence, errors: nil, now, &commands)
        case .failed(let sequence, let errors): end(sequence, errors: errors, now, &commands)
        case .overran(let sequence): overrun(sequence, &commands)
        case .notBegun(let sequence): giveBack(sequence, now, &commands)
        case .stop: isStopping = true
        }
        acknowledge(&commands)
        for sequence in delayed where isDue(sequence, now) {
            delayed.remove(sequence)
            ready.insertSorted(sequence)
        }
        start(now, &commands)
        extendLeases(now, &commands)
        fetch(&commands)
        wake(now, &commands)
        return commands
    }
}

// Fetching: what comes in.

extension DeliveryMachine {
    private mutating func fetch(_ commands: inout [Command]) {
        guard mayHaveMore, !isFetching, !isStopping, unfinished.count + settings.batch <= settings.window,
            heldBytes < settings.windowBytes
        else {
            return
        }
        isFetching = true
        // Cleared before the fetch: what is appended during it may come too late for it.
        mayHaveMore = false
        commands.append(.fetch(after: fetchedUpTo, limit: settings.batch))
    }

    private mutating func take(
        _ items: [Item],
        upTo end: Int64,
        isEnd: Bool,
        _ now: StoreTime,
        _ commands: inout [Command]
    ) {
        isFetching = false
        if !isEnd { mayHaveMore = true }
        for item in items where wants(item.sequence) {
            take(item, isReturned: false, now, &commands)
        }
        fetchedUpTo = max(fetchedUpTo, end)
    }

    private mutating func take(_ item: Item, isReturned: Bool, _ now: StoreTime, _ commands: inout [Command]) {
        let sequence = item.sequence
        guard entries[sequence] == nil else { return }
        let attempts = earlierAttempts.removeValue(forKey: sequence)
        switch item.kind {
        case .unmatched:
            // One that was fetched is done with the position, unless it has left a trace.
            if isReturned || attempts != nil { finished.append(sequence) }
        case .broken(let reason, let error):
            bury(sequence, reason, attempts, [error], &commands)
        case .wanted(let lane):
            if let attempts, attempts.count >= settings.retry.attempts {
                let reason: DeadLetter.Reason = attempts.retryAt == nil ? .processEnded : .attemptsFailed
                return bury(sequence, reason, attempts, attempts.errors, &commands)
            }
            // A dead letter that comes back stands in nobody's way.
            let lane = isReturned ? .alone(sequence) : lane
            let isSuspect = attempts.map { $0.retryAt == nil } ?? false
            entries[sequence] = Entry(
                lane: lane,
                isReturned: isReturned,
                bytes: item.bytes,
                attempts: attempts,
                isSuspect: isSuspect
            )
            heldBytes += item.bytes
            if !isReturned { unfinished.insertSorted(sequence) }
            lanes[lane, default: []].append(sequence)
            if lanes[lane]?.first == sequence { queue(sequence, now) }
        }
    }
}

// Delivering: from the turn of an event to its end.

extension DeliveryMachine {
    private func isDue(_ sequence: Int64, _ now: StoreTime) -> Bool {
        entries[sequence]?.attempts?.retryAt.map { $0 <= now } ?? true
    }

    /// Lets an event whose turn it is in its lane begin as soon as it may.
    private mutating func queue(_ sequence: Int64, _ now: StoreTime) {
        if isDue(sequence, now) { ready.insertSorted(sequence) } else { delayed.insert(sequence) }
    }

    private mutating func start(_ now: StoreTime, _ commands: inout [Command]) {
        guard !isStopping else { return }
        for sequence in next() {
            let attempts = AttemptRecord(count: (entries[sequence]?.attempts?.count ?? 0) + 1, began: now)
            entries[sequence]?.attempts = attempts
            entries[sequence]?.isRunning = true
            entries[sequence]?.extendAt = settings.lease.map { now + $0 / 2 }
            running.insert(sequence)
            commands += [.record(sequence, attempts), .deliver(sequence, attempt: attempts.count)]
            ready.removeSorted(sequence)
        }
    }

    /// The events that may begin now.
    ///
    /// An event that was under way when a process ended is delivered while no other is: if it ends this one too, none of the others loses
    /// an attempt for it.
    private func next() -> ArraySlice<Int64> {
        if let suspect = ready.first(where: { entries[$0]?.isSuspect == true }) {
            return running.isEmpty ? [suspect] : []
        }
        if running.contains(where: { entries[$0]?.isSuspect == true }) { return [] }
        return ready.prefix(max(0, settings.atOnce - running.count))
    }

    /// Notes the end of a delivery; no errors mean that it went well.
    private mutating func end(
        _ sequence: Int64,
        errors: [String]?,
        _ now: StoreTime,
        _ commands: inout [Command]
    ) {
        guard running.remove(sequence) != nil, var entry = entries[sequence], var attempts = entry.attempts else {
            return
        }
        let errors = entry.hasOverrun ? (errors ?? []) + ["the delivery overran its lease"] : errors
        entry.isRunning = false
        entry.hasOverrun = false
        entry.extendAt = nil
        guard let errors else { return finish(sequence, entry.lane, now) }
        entry.isSuspect = false
        attempts.errors = errors
        guard attempts.count < settings.retry.attempts else {
            bury(sequence, .attemptsFailed, attempts, errors, &commands)
            return leave(sequence, entry.lane, now)
        }
        attempts.retryAt = now + settings.pause(beforeAttempt: attempts.count + 1, of: sequence)
        entry.attempts = attempts
        entries[sequence] = entry
        commands.append(.record(sequence, attempts))
        queue(sequence, now)
    }

    /// Takes an attempt back that was recorded and hasn't begun.
    private mutating func giveBack(_ sequence: Int64, _ now: StoreTime, _ commands: inout [Command]) {
        guard running.remove(sequence) != nil, var attempts = entries[sequence]?.attempts else { return }
        attempts.count -= 1
        attempts.retryAt = now
        entries[sequence]?.attempts = attempts
        entries[sequence]?.isRunning = false
        entries[sequence]?.extendAt = nil
        commands.append(.record(sequence, attempts))
        queue(sequence, now)
    }

    private mutating func overrun(_ sequence: Int64, _ commands: inout [Command]) {
        // It isn't delivered again before its handlers have ended: they would run twice at the same time, and out of order.
        guard entries[sequence]?.isRunning == true, entries[sequence]?.hasOverrun == false else { return }
        entries[sequence]?.hasOverrun = true
        entries[sequence]?.extendAt = nil
        commands.append(.cancel(sequence))
    }

    private mutating func extendLeases(_ now: StoreTime, _ commands: inout [Command]) {
        guard let lease = settings.lease else { return }
        for sequence in inFlight {
            guard let extendAt = entries[sequence]?.extendAt, extendAt <= now else { continue }
            entries[sequence]?.extendAt = now + lease / 2
            commands.append(.extend(sequence))
        }
    }
}

extension DeliveryMachine.Settings {
    /// The pause before an attempt: as the policy says, less the jitter.
    func pause(beforeAttempt attempt: Int, of sequence: Int64) -> Duration {
        let pause = retry.pause(beforeAttempt: attempt)
        guard jitter > 0, pause > .zero else { return pause }
        // Follows from what the attempt is, so that a machine does the same whenever it is told the same.
        var bits = seed ^ UInt64(bitPattern: sequence) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(attempt) << 32
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return pause * (1 - jitter * Double((bits ^ (bits >> 31)) >> 11) / 0x1p53)
    }
}

// Being done: acknowledging and giving up.

extension DeliveryMachine {
    private mutating func bury(
        _ sequence: Int64,
        _ reason: DeadLetter.Reason,
        _ attempts: AttemptRecord?,
        _ errors: [String],
        _ commands: inout [Command]
    ) {
        commands.append(.bury(sequence, reason, attempts, errors))
        if sequence > position { done.insert(sequence) }
    }

    private mutating func finish(_ sequence: Int64, _ lane: Lane, _ now: StoreTime) {
        finished.append(sequence)
        leave(sequence, lane, now)
    }

    /// Takes out an event that is done, and lets the next of its lane begin.
    private mutating func leave(_ sequence: Int64, _ lane: Lane, _ now: StoreTime) {
        heldBytes -= entries[sequence]?.bytes ?? 0
        entries[sequence] = nil
        unfinished.removeSorted(sequence)
        lanes[lane]?.removeFirst()
        if let next = lanes[lane]?.first { queue(next, now) } else { lanes[lane] = nil }
    }

    private mutating func acknowledge(_ commands: inout [Command]) {
        let end = unfinished.first.map { $0 - 1 } ?? fetchedUpTo
        let hasMoved = end > position
        if hasMoved {
            position = end
            if !done.isEmpty { done = done.filter { $0 > end } }
        }
        // Those that the position includes are mentioned too: a dead letter that has come back stands before it.
        done.formUnion(finished.lazy.filter { $0 > end })
        if hasMoved || !finished.isEmpty { commands.append(.acknowledge(upTo: position, finished)) }
        finished = []
    }

    private mutating func wake(_ now: StoreTime, _ commands: inout [Command]) {
        if let planned = nextWake, planned <= now { nextWake = nil }
        let retries = isStopping ? nil : delayed.compactMap { entries[$0]?.attempts?.retryAt }.min()
        let leases = settings.lease == nil ? nil : running.compactMap { entries[$0]?.extendAt }.min()
        guard let wake = [retries, leases].compactMap({ $0 }).min(), nextWake.map({ wake < $0 }) ?? true else { return }
        nextWake = wake
        commands.append(.wakeAt(wake))
    }
}

extension [Int64] {
    /// Where an element stands or belongs in a sorted array.
    private func place(of element: Int64) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }

    fileprivate mutating func insertSorted(_ element: Int64) { insert(element, at: place(of: element)) }

    fileprivate mutating func removeSorted(_ element: Int64) {
        let place = place(of: element)
        if place < endIndex, self[place] == element { remove(at: place) }
    }
}
