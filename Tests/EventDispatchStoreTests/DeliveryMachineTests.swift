import EventDispatch
import EventDispatchStore
import TestSupport
import Testing

/// The machine that decides what becomes of events, in generated histories.
@Suite(.timeLimit(.minutes(10))) struct DeliveryMachineTests {
    @Test func `in no history does it break order or attempts or lose an event`() {
        var (deliveries, crashes, deaths) = (0, 0, 0)
        let count = scaled(2_000, full: 100_000)
        for seed in 0..<UInt64(count) {
            var history = DeliveryHistory(seed: seed)
            history.play(120)
            deliveries += history.deliveries
            crashes += history.crashes
            deaths += history.deaths
            guard history.problems.isEmpty else {
                Issue.record("seed \(seed): \(history.problems.joined(separator: "; "))")
                return
            }
        }
        // The histories are worth something.
        #expect(deliveries > 10 * count && crashes > count / 10 && deaths > count)
    }

    @Test func `the same messages at the same times make the same commands`() {
        var settings = DeliveryMachine.Settings()
        settings.jitter = 0.5
        settings.retry = .exponential(from: .seconds(1), attempts: 3)
        let start = StoreTime(sinceEpoch: .zero)
        let messages: [DeliveryMachine.Message] = [
            .tick, .fetched([.init(1, .wanted(.common)), .init(2, .wanted(.common))], upTo: 2, isEnd: true),
            .failed(1, ["e"]), .appended,
        ]
        var (one, other) = (
            DeliveryMachine(settings, SubscriptionRecord(position: 0)),
            DeliveryMachine(settings, SubscriptionRecord(position: 0))
        )
        for message in messages {
            #expect(one.receive(message, now: start) == other.receive(message, now: start))
        }
    }

    @Test func `a tick before the time of a retry wakes it again`() {
        var settings = DeliveryMachine.Settings()
        settings.retry = .constant(.seconds(10), attempts: 2)
        let start = StoreTime(sinceEpoch: .zero)
        var machine = DeliveryMachine(settings, SubscriptionRecord(position: 0))
        _ = machine.receive(.tick, now: start)
        _ = machine.receive(.fetched([.init(1, .wanted(.common))], upTo: 1, isEnd: true), now: start)
        let due = start + .seconds(10)
        #expect(machine.receive(.failed(1, ["e"]), now: start).contains(.wakeAt(due)))
        // The clock of the system was set back while another one waited.
        #expect(machine.receive(.tick, now: start + .seconds(9)) == [.wakeAt(due)])
        #expect(machine.receive(.tick, now: due).contains(.deliver(1, attempt: 2)))
    }

    @Test func `it fetches no more while it holds so many bytes`() {
        var settings = DeliveryMachine.Settings()
        settings.windowBytes = 100
        let now = StoreTime(sinceEpoch: .zero)
        var machine = DeliveryMachine(settings, SubscriptionRecord(position: 0))
        _ = machine.receive(.tick, now: now)
        let large = (1...2).map { DeliveryMachine.Item($0, .wanted(.common), bytes: 60) }
        let commands = machine.receive(.fetched(large, upTo: 2, isEnd: false), now: now)
        #expect(!commands.contains { if case .fetch = $0 { true } else { false } })
        #expect(machine.receive(.succeeded(1), now: now).contains(.fetch(after: 2, limit: 64)))
    }

    @Test func `dead letters that are redelivered leave the window to others`() {
        var settings = DeliveryMachine.Settings()
        settings.retry = .constant(.seconds(10), attempts: 2)
        (settings.window, settings.batch) = (4, 4)
        let now = StoreTime(sinceEpoch: .zero)
        var machine = DeliveryMachine(settings, SubscriptionRecord(position: 10))
        _ = machine.receive(.tick, now: now)
        _ = machine.receive(.fetched([], upTo: 10, isEnd: true), now: now)
        for sequence in Int64(1)...8 {
            _ = machine.receive(.returned(.init(sequence, .wanted(.common))), now: now)
            _ = machine.receive(.failed(sequence, ["e"]), now: now)
        }
        #expect(machine.receive(.appended, now: now).contains(.fetch(after: 10, limit: 4)))
    }

    @Test func `it holds no more events than its window`() {
        var settings = DeliveryMachine.Settings()
        settings.window = 10
        settings.batch = 4
        let now = StoreTime(sinceEpoch: .zero)
        var machine = DeliveryMachine(settings, SubscriptionRecord(position: 0))
        var commands = machine.receive(.tick, now: now)
        var most = 0
        while let fetch = commands.compactMap({ command -> (Int64, Int)? in
            if case .fetch(let after, let limit) = command { (after, limit) } else { nil }
        }).first, most < 20 {
            let items = (0..<Int64(fetch.1)).map { DeliveryMachine.Item(fetch.0 + 1 + $0, .wanted(.common)) }
            commands = machine.receive(.fetched(items, upTo: fetch.0 + Int64(fetch.1), isEnd: false), now: now)
            most = max(most, machine.waiting.count + machine.inFlight.count)
        }
        #expect(most == 8)
        #expect(!machine.receive(.succeeded(1), now: now).isEmpty)
    }
}
