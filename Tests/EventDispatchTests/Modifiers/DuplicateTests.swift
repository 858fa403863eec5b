import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Handlers that start only for events that differ from the last.
@Suite(.timeLimit(.minutes(10))) struct DuplicateTests {
    private struct Failure: Error {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    @Test func `it starts when the value differs from that of its last start`() throws {
        try subscribe {
            On(Ping.self) { Handle { event in journal.note("\(event.count)") }.removeDuplicates(of: \.count) }
        }
        var matched: [Int] = []
        for count in [1, 1, 2, 2, 2, 1, 3] {
            matched.append(try dispatcher.fireSynchronously(Ping(count: count)).matched)
        }
        #expect(journal.entries == ["1", "2", "1", "3"])
        #expect(matched == [1, 0, 1, 0, 0, 1, 1])
    }

    @Test func `groups are compared among themselves`() throws {
        try subscribe {
            On(Letter.self) {
                Handle { event in journal.note("\(event.producer): \(event.number)") }
                    .removeDuplicates(of: \.number, per: \.producer)
            }
        }
        for (producer, number) in [(1, 7), (2, 7), (1, 7), (2, 8), (1, 8), (2, 8)] {
            try dispatcher.fireSynchronously(Letter(number, of: producer))
        }
        #expect(journal.entries == ["1: 7", "2: 7", "2: 8", "1: 8"])
    }

    @Test func `past its capacity the group used least recently is forgotten and counted`() throws {
        try subscribe {
            On(Letter.self) {
                Handle { event in journal.note("\(event.producer)") }
                    .removeDuplicates(of: \.number, per: \.producer, capacity: 2)
            }
        }
        for producer in [1, 2, 3, 2, 1] { try dispatcher.fireSynchronously(Letter(7, of: producer)) }
        #expect(journal.entries == ["1", "2", "3", "1"])
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [2])
    }

    @Test func `an event that did not start the handler isn't compared with`() throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let subscription = try dispatcher.on(
            Ping.self,
            Handle { event in journal.note("\(event.count)") }
                .removeDuplicates(of: \.count).limit(1, within: .seconds(1))
        )
        try dispatcher.fireSynchronously(Ping(count: 1))
        try dispatcher.fireSynchronously(Ping(count: 2))
        clock.advance(by: .seconds(1))
        try dispatcher.fireSynchronously(Ping(count: 1))
        try dispatcher.fireSynchronously(Ping(count: 2))
        #expect(journal.entries == ["1", "2"])
        subscription.cancel()
    }

    @Test func `a value that comes back while it waits does not start again`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        dispatcher.observe(with: JournalObserver(journal: journal))
        let runs = Journal()
        let subscription = try dispatcher.on(
            Ping.self,
            Handle("save") { event in runs.note("\(event.count)") }
                .removeDuplicates(of: \.count).debounce(.seconds(3)).limit(3)
        )
        try await dispatcher.fire(Ping(count: 1))
        await clock.sleepers(1)
        clock.advance(by: .seconds(3))
        #expect(await comesTrue { runs.entries == ["1"] })
        await dispatcher.drain()
        for count in [2, 1] { #expect(try await dispatcher.fire(Ping(count: count)).matched == 1) }
        await dispatcher.stop()
        #expect(runs.entries == ["1"])
        #expect(journal.entries.contains { $0.hasSuffix("save during skipped: duplicate") })
        // Neither has used a start up.
        #expect(dispatcher.handlers.map(\.limitLeft) == [2])
        subscription.cancel()
    }

    @Test func `a duplicate uses no start up`() throws {
        try subscribe {
            On(Ping.self) { Handle { event in journal.note("\(event.count)") }.limit(2).removeDuplicates(of: \.count) }
        }
        for count in [1, 1, 1, 2] { try dispatcher.fireSynchronously(Ping(count: count)) }
        #expect(journal.entries == ["1", "2"])
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a start that fails is compared with and one that does not take place is not`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { event in
                    await Task.yield()
                    journal.note("\(event.count)")
                    throw Failure()
                }
                .removeDuplicates(of: \.count)
            }
        }
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await dispatcher.fireReporting(Ping(count: 1))
        }
        _ = try await cancelled.value
        for _ in 0..<2 { _ = try await dispatcher.fireReporting(Ping(count: 1)) }
        #expect(journal.entries == ["1"])
    }

    @Test func `a value that doesn't equal itself differs from all`() throws {
        try subscribe {
            On(Track.self) { Handle { event in journal.note("\(event.length)") }.removeDuplicates(of: \.length) }
        }
        for length in [1, .nan, .nan, 1, 1] as [Double] { try dispatcher.fireSynchronously(Track(length: length)) }
        #expect(journal.entries == ["1.0", "nan", "nan", "1.0"])
    }

    @Test func `an explanation says that the value is the same`() throws {
        try subscribe { On(Ping.self) { Handle { _ in }.removeDuplicates(of: \.count) } }
        try dispatcher.fireSynchronously(Ping(count: 1))
        #expect(dispatcher.explain(Ping(count: 1)).obstacles.map(\.reason) == [.duplicate])
        #expect(dispatcher.explain(Ping(count: 2)).matched.count == 1)
    }

    @Test func `handlers of any event compare across types`() throws {
        try subscribe { OnAny { Handle { event in journal.note(event.eventName) }.removeDuplicates(of: \.eventName) } }
        for _ in 0..<2 { try dispatcher.fireSynchronously(OrderCreated()) }
        try dispatcher.fireSynchronously(OrderDeleted())
        try dispatcher.fireSynchronously(OrderCreated())
        #expect(journal.entries == ["shop.order.created", "shop.order.deleted", "shop.order.created"])
    }

    @Test func `values are freed with the handler and when others take their place`() throws {
        final class Value: Hashable, Sendable {
            static func == (left: Value, right: Value) -> Bool { left === right }
            func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
        }
        let subscription = try dispatcher.on(
            NamedEvent<Value>.self,
            Handle { _ in }.removeDuplicates(of: \.payload)
        )
        weak var first: Value?
        weak var second: Value?
        do {
            let (one, two) = (Value(), Value())
            (first, second) = (one, two)
            try dispatcher.fireSynchronously(NamedEvent("a", one))
            try dispatcher.fireSynchronously(NamedEvent("a", two))
        }
        #expect(first == nil)
        #expect(second != nil)
        subscription.cancel()
        try dispatcher.fireSynchronously(Ping())
        #expect(second == nil)
    }

    @Test func `tasks that fire the same value at once start one handler`() async throws {
        let starts = Tally()
        try subscribe { On(Ping.self) { Handle { _ in starts.increment() }.removeDuplicates(of: \.count) } }
        let rounds = scaled(150, full: 10_000)
        for round in 0..<rounds {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<64 { group.addTask { _ = try? await dispatcher.fire(Ping(count: round)) } }
            }
            try #require(starts.value == round + 1)
        }
    }
}
