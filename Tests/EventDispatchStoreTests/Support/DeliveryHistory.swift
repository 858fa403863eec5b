import EventDispatch
import EventDispatchStore
import Foundation
import ProgramSupport

/// One history of a subscription: events are published, fetched, handled well and badly, processes end at any point, leases are lost, dead
/// letters are delivered again. The machine says what to do; a plain model, which looks at all events every time, says whether it may.
struct DeliveryHistory {
    /// What the model knows of an event.
    private struct Event {
        enum End { case open, done, dead }

        let lane: Lane?
        let isBroken: Bool
        var end = End.open
        /// The process that delivers it now.
        var isRunning = false
        var hasOverrun = false
        /// How many attempts have begun since it was published or came back.
        var attempts = 0
        var dueAt = StoreTime(sinceEpoch: .zero)
        var isReturned = false
        /// Whether it was under way when a process ended.
        var isSuspect = false
    }

    private(set) var problems: [String] = []
    private(set) var deliveries = 0
    private(set) var crashes = 0
    private(set) var deaths = 0

    private var random: SplitMix64
    private let settings: DeliveryMachine.Settings
    private let kindOfOrder: Int
    private var now = StoreTime(sinceEpoch: .zero)
    private var events: [Event] = []
    private var record = SubscriptionRecord(position: 0)
    private var machine: DeliveryMachine
    private var commands: [DeliveryMachine.Command] = []
    private var fetched: Int64 = 0
    /// What the store has read and the machine hasn't got yet: the commands after it wait, and other things happen meanwhile.
    private var read: DeliveryMachine.Message?
    private var wake: StoreTime?
    private var isStopping = false

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        var settings = DeliveryMachine.Settings()
        kindOfOrder = random.next(below: 3)
        settings.atOnce = kindOfOrder == 0 ? 1 : 1 + random.next(below: 4)
        settings.retry = .exponential(
            from: .seconds(random.next(below: 3)),
            upTo: .seconds(4),
            attempts: 1 + random.next(below: 4)
        )
        settings.jitter = Double(random.next(below: 3)) / 4
        settings.seed = seed
        settings.window = 4 + random.next(below: 20)
        settings.batch = 1 + random.next(below: 4)
        settings.lease = random.next(below: 2) == 0 ? .seconds(2) : nil
        self.settings = settings
        machine = DeliveryMachine(settings, record)
    }

    /// Plays the history, and then lets everything end well.
    mutating func play(_ steps: Int) {
        send(.tick)
        for _ in 0..<steps where problems.isEmpty { step() }
        if isStopping { restart() }
        var rounds = 0
        while problems.isEmpty, !isOver, rounds < 10_000 {
            rounds += 1
            while !commands.isEmpty || read != nil, problems.isEmpty { performNext() }
            for (index, event) in events.enumerated() where event.isRunning { finish(index, well: true) }
            if commands.isEmpty { advance(by: .seconds(1)) }
        }
        guard problems.isEmpty else { return }
        check(isOver, "it doesn't end: \(commands), waiting \(machine.waiting)")
        check(machine.isCaughtUp && record.position == Int64(events.count), "position \(record.position)")
        check(record.done.isEmpty && record.attempts.isEmpty && record.returned.isEmpty, "left: \(record)")
    }

    private var isOver: Bool {
        commands.isEmpty && read == nil && machine.isCaughtUp
            && events.allSatisfy { $0.end != .open || ($0.lane == nil && !$0.isBroken) }
    }

    private mutating func step() {
        switch random.next(below: 24) {
        case 0..<4: publish()
        case 4..<14: performNext()
        case 14..<18: finishOne()
        case 18..<20: advance(by: .milliseconds(random.next(below: 3_000)))
        case 20: if settings.lease != nil { overrunOne() }
        case 21: redeliverOne()
        case 22: if random.next(below: 4) == 0 { restart() }
        default: if random.next(below: 4) == 0 { stop() }
        }
        checkWork()
    }

    private mutating func publish() {
        for _ in 0...random.next(below: 3) {
            let sequence = Int64(events.count + 1)
            let kind = random.next(below: 10)
            let lane: Lane =
                switch kindOfOrder {
                case 0: .common
                case 1: .value(LaneValue(random.next(below: 3)))
                default: .alone(sequence)
                }
            events.append(Event(lane: kind < 8 ? lane : nil, isBroken: kind == 8))
        }
        send(.appended)
    }

    private mutating func send(_ message: DeliveryMachine.Message) { commands += machine.receive(message, now: now) }

    private func item(_ sequence: Int64) -> DeliveryMachine.Item {
        let event = events[Int(sequence) - 1]
        if event.isBroken { return .init(sequence, .broken(.undecodable, "broken")) }
        return .init(sequence, event.lane.map { .wanted($0) } ?? .unmatched)
    }

    private mutating func advance(by duration: Duration) {
        now = now + duration
        guard let time = wake, time <= now else { return }
        wake = nil
        send(.tick)
    }

    /// A process ends, in the middle of what it does, and another begins.
    private mutating func restart() {
        crashes += 1
        if isStopping, commands.isEmpty, read == nil {
            // It ended as it should: what the store knows is what has been.
            for (index, event) in events.enumerated() where event.end == .open && event.attempts > 0 {
                let recorded = record.attempts[Int64(index + 1)]?.count
                check(
                    recorded == event.attempts,
                    "recorded \(recorded ?? 0) of \(event.attempts) attempts of \(index + 1)"
                )
            }
            for (sequence, attempts) in record.attempts where attempts.count > events[Int(sequence) - 1].attempts {
                check(false, "recorded attempt \(attempts.count) of \(sequence), which hasn't begun")
            }
        }
        for index in events.indices where events[index].end != .dead {
            let sequence = Int64(index + 1)
            let attempts = record.attempts[sequence]
            let isReturned = record.returned.contains { $0.sequence == sequence }
            let isDone = !isReturned && (sequence <= record.position || record.done.contains(sequence))
            events[index].isRunning = false
            events[index].hasOverrun = false
            // What wasn't acknowledged is delivered again.
            events[index].end = isDone ? .done : .open
            events[index].attempts = attempts?.count ?? 0
            events[index].isSuspect = attempts.map { $0.retryAt == nil } ?? false
            events[index].dueAt = attempts?.retryAt ?? now
        }
        commands = []
        read = nil
        wake = nil
        isStopping = false
        fetched = record.position
        machine = DeliveryMachine(settings, record)
        for event in record.returned { send(.returned(item(event.sequence))) }
        send(.tick)
    }

    private mutating func stop() {
        isStopping = true
        send(.stop)
        // As the runner does it: what hasn't begun doesn't.
        for case .deliver(let sequence, _) in commands { send(.notBegun(sequence)) }
        commands.removeAll { if case .deliver = $0 { true } else { false } }
    }

    private mutating func finishOne() {
        let running = events.indices.filter { events[$0].isRunning }
        guard !running.isEmpty else { return }
        finish(running[random.next(below: running.count)], well: random.next(below: 2) == 0)
    }

    private mutating func finish(_ index: Int, well: Bool) {
        let sequence = Int64(index + 1)
        let isDone = well && !events[index].hasOverrun
        events[index].isRunning = false
        events[index].isSuspect = false
        events[index].hasOverrun = false
        if isDone {
            events[index].end = .done
        } else if events[index].attempts < settings.retry.attempts {
            let pause = settings.retry.pause(beforeAttempt: events[index].attempts + 1)
            events[index].dueAt = now + pause * (1 - settings.jitter)
        }
        send(well ? .succeeded(sequence) : .failed(sequence, ["failed"]))
    }

    private mutating func overrunOne() {
        guard let index = events.indices.first(where: { events[$0].isRunning && !events[$0].hasOverrun }) else {
            return
        }
        events[index].hasOverrun = true
        send(.overran(Int64(index + 1)))
    }

    private mutating func redeliverOne() {
        let dead = events.indices.filter { events[$0].end == .dead && !events[$0].isBroken }
        guard !isStopping, !dead.isEmpty else { return }
        let index = dead[random.next(below: dead.count)]
        let sequence = Int64(index + 1)
        events[index].end = .open
        events[index].attempts = 0
        events[index].dueAt = now
        events[index].isReturned = true
        events[index].isSuspect = false
        record.apply(.returned(sequence))
        record.returned.append(stored(sequence))
        send(.returned(item(sequence)))
    }

    private func stored(_ sequence: Int64) -> StoredEvent {
        var event = StoredEvent(id: "", name: "event", source: "", time: now, data: Data())
        event.sequence = sequence
        return event
    }
}

// What the machine says, and whether it may.

extension DeliveryHistory {
    private mutating func check(_ condition: Bool, _ problem: String) {
        if !condition { problems.append(problem) }
    }

    private mutating func performNext() {
        if let message = read {
            read = nil
            return send(message)
        }
        guard !commands.isEmpty else { return }
        switch commands.removeFirst() {
        case .fetch(let after, let limit):
            check(after == fetched, "fetches after \(after), and has fetched up to \(fetched)")
            let end = min(Int64(events.count), after + Int64(limit))
            fetched = max(fetched, end)
            let items = after < end ? (after + 1...end).map(item) : []
            read = .fetched(items, upTo: end, isEnd: end == Int64(events.count))
        case .record(let sequence, let attempts):
            record.apply(.attempted(sequence, attempts))
        case .deliver(let sequence, let attempt):
            deliver(sequence, attempt)
        case .acknowledge(let end, let sequences):
            for sequence in sequences {
                let event = events[Int(sequence) - 1]
                check(event.end == .done || event.lane == nil, "acknowledges \(sequence), which isn't done")
            }
            for (index, event) in events.enumerated() where index < end && event.end == .open && !event.isReturned {
                check(event.lane == nil && !event.isBroken, "acknowledges up to \(end), and \(index + 1) isn't done")
            }
            record.apply(.done(upTo: end, sequences))
        case .bury(let sequence, let reason, _, _):
            let event = events[Int(sequence) - 1]
            check(event.end == .open, "buries \(sequence), which is \(event.end)")
            check(
                event.isBroken ? reason == .undecodable : event.attempts >= settings.retry.attempts,
                "buries \(sequence) after \(event.attempts) attempts"
            )
            events[Int(sequence) - 1].end = .dead
            deaths += 1
            let letter = DeadLetter(
                event: stored(sequence),
                reason: reason,
                errors: [],
                attempts: event.attempts,
                lastAttempt: nil,
                buried: now
            )
            record.apply(.buried(letter))
        case .wakeAt(let time):
            wake = time
            if time <= now { advance(by: .zero) }
        case .extend, .cancel:
            check(settings.lease != nil, "there are no leases")
        }
    }

    private mutating func deliver(_ sequence: Int64, _ attempt: Int) {
        let index = Int(sequence) - 1
        let event = events[index]
        deliveries += 1
        check(!isStopping, "delivers \(sequence) while it stops")
        check(event.end == .open, "delivers \(sequence), which is \(event.end)")
        check(!event.isRunning, "delivers \(sequence) twice at a time")
        check(event.attempts + 1 == attempt, "attempt \(attempt) of \(sequence) after \(event.attempts)")
        check(attempt <= settings.retry.attempts, "attempt \(attempt) of \(sequence)")
        check(record.attempts[sequence]?.count == attempt, "attempt \(attempt) of \(sequence) isn't recorded")
        check(event.dueAt <= now, "delivers \(sequence) before its time")
        check(events.count(where: \.isRunning) < settings.atOnce, "delivers more than \(settings.atOnce) at a time")
        check(
            !events.contains { $0.isRunning && ($0.isSuspect || event.isSuspect) },
            "delivers \(sequence) beside one of which either was under way when a process ended"
        )
        if !event.isReturned, let blocker = blocker(of: index) {
            check(false, "delivers \(sequence) before \(blocker + 1)")
        }
        events[index].isRunning = true
        events[index].attempts += 1
    }

    /// The event of the same lane that has to be done before.
    private func blocker(of index: Int) -> Int? {
        (0..<index).first { earlier in
            let event = events[earlier]
            return event.lane == events[index].lane && event.end == .open && !event.isReturned
        }
    }

    /// Whether something could go on that doesn't.
    private mutating func checkWork() {
        guard commands.isEmpty, read == nil, !isStopping, problems.isEmpty else { return }
        let free = settings.atOnce - events.count(where: \.isRunning)
        guard free > 0, wake.map({ $0 > now }) ?? true else { return }
        // One that was under way when a process ended has no others beside it.
        guard !events.contains(where: { $0.isSuspect && $0.end == .open }) || free == settings.atOnce else { return }
        for index in 0..<Int(fetched) {
            let event = events[index]
            guard event.end == .open, event.lane != nil, !event.isRunning, event.attempts == 0 else { continue }
            check(
                !event.isReturned && blocker(of: index) != nil,
                "doesn't deliver \(index + 1), for which there is room"
            )
        }
    }
}
