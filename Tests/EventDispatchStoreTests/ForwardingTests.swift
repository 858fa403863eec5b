import EventDispatch
import EventDispatchStore
import EventDispatchTesting
import Foundation
import Testing
import TestSupport

#if NATS
    import EventDispatchNATS
#endif

/// From one store to another, whichever they are, and what becomes of it when either fails.
@Suite(.timeLimit(.minutes(10))) struct ForwardingTests {
    private func event(_ number: Int, _ name: String = "shop.order.placed") -> StoredEvent {
        StoredEvent(
            id: "e\(number)",
            name: name,
            source: "test",
            time: StoreTime(sinceEpoch: .seconds(number)),
            data: Data("{\"id\":\(number)}".utf8)
        )
    }

    private func events(of store: any EventStore) async throws -> [StoredEvent] {
        var (events, isEnd, end) = ([StoredEvent](), false, Int64(0))
        while !isEnd {
            let batch = try await store.read(after: end, limit: 100, .everything)
            events += batch.events
            (end, isEnd) = (batch.upTo, batch.isEnd)
        }
        return events
    }

    @Test(arguments: StoreUnderTest.all, StoreUnderTest.all)
    func `events of all names are forwarded in their order with all that they carry`(
        from: StoreUnderTest,
        to: StoreUnderTest
    ) async throws {
        let ((store, _), (other, _)) = (try await from(), try await to())
        var given = (1...300).map { event($0, $0 % 3 == 0 ? "unknown.to.this program \u{e4}" : "shop.order.placed") }
        given[7].routing = ["region": "eu.west \u{e4}", "tier": ""]
        given[8].trace = "00-1-2-01"
        given[9].schemaVersion = 7
        given[10].source = "urn:shop:\u{e4} %"
        given[11].time = StoreTime(sinceEpoch: .microseconds(-1))
        given[12].data = Data([0, 255, 10])
        _ = try await store.append(Array(given[..<200]))
        let forwarding = try await store.forward(to: other)
        _ = try await store.append(Array(given[200...]))
        try await forwarding.caughtUp()
        let found = try await events(of: other)
        for index in given.indices { given[index].sequence = Int64(index + 1) }
        #expect(found == given)
        let status = try await forwarding.status
        #expect(status.waiting == 0 && status.inFlight == 0 && status.position == 300 && status.fault == nil)
        await forwarding.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `forwarding goes on where it stopped`(from: StoreUnderTest) async throws {
        let (store, _) = try await from()
        let other = TargetStore()
        let first = try await store.forward(to: other)
        _ = try await store.append([event(1), event(2)])
        try await first.caughtUp()
        #expect(await first.stop().givenBack.isEmpty)
        _ = try await store.append([event(3)])
        let status = try await first.status
        #expect(status.waiting == 1 && status.deliverer == .nobody && status.position == 2)
        let second = try await store.forward(to: other)
        try await second.caughtUp()
        #expect(other.ids == ["e1", "e2", "e3"])
        await second.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `what a process that was killed had forwarded is looked for and not forwarded again`(
        from: StoreUnderTest
    ) async throws {
        let (store, _) = try await from()
        let other = TargetStore()
        let (reached, gate) = (Gate(isOpen: true), Gate())
        other.answer { _ in
            .then {
                try? await reached.wait()
                await gate.waitIgnoringCancellation()
            }
        }
        _ = try await store.append((1...200).map { event($0) })
        let killed = try await store.forward(to: other)
        // It has them, and nobody has noted it.
        await reached.arrivals(1)
        #expect(other.ids.count == 128)
        #expect(try await store.status(of: "forward").position == 0)
        await store.close("forward", as: killed.claim)
        // Others publish meanwhile.
        other.answer { _ in .stores }
        _ = try await other.append((1...3_000).map { event(1_000 + $0) })
        let next = try await store.forward(to: other)
        try await next.caughtUp()
        #expect(other.ids.filter { $0.count < 5 } == (1...200).map { "e\($0)" })
        await next.stop()
        gate.open()
        await killed.stop(deadline: .zero)
    }

    @Test func `what is in doubt is looked for before it is appended again`() async throws {
        let clock = ManualClock()
        let (store, other) = (MemoryEventStore(clock: StoreClock(clock)), TargetStore())
        let lost = EventStoreError(.unavailable, "the answer is lost", isTransient: true)
        let failures = Locked([[0, 1, 2], [], [1]])
        other.answer { events in
            guard let stored = failures.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return .stores }
            return .fails(stored, lost)
        }
        _ = try await store.append((1...6).map { event($0) })
        let forwarding = try await store.forward(to: other)
        for pause in [200, 400, 800] {
            await clock.sleepers(1)
            #expect(try await forwarding.status.fault == lost)
            clock.advance(by: .milliseconds(pause))
        }
        try await forwarding.caughtUp()
        // The second of the third append was stored before the first.
        #expect(other.ids == ["e1", "e2", "e3", "e5", "e4", "e6"])
        #expect(try await forwarding.status.fault == nil)
        await forwarding.stop()
    }

    @Test func `of events in doubt one that is appended leaves the others in doubt`() async throws {
        let (store, other) = (MemoryEventStore(), TargetStore())
        let tooLarge = EventStoreError(.tooLarge, "it's too large")
        // A store that keeps no order: of the first append it takes those that it can.
        other.answer { events in
            guard events.contains(where: { $0.id == "e3" }) else { return .stores }
            return .fails(events.count > 1 ? [1, 3, 4] : [], tooLarge)
        }
        _ = try await store.append((1...5).map { event($0) })
        let forwarding = try await store.forward(to: other)
        try await forwarding.caughtUp()
        #expect(other.ids == ["e2", "e4", "e5", "e1"])
        #expect(try await forwarding.status.dead == 1)
        await forwarding.stop()
    }

    @Test func `faults of either store delay events and nothing is lost or out of order`() async throws {
        let clock = ManualClock()
        let store = MemoryEventStore(clock: StoreClock(clock))
        let other = MemoryEventStore(clock: StoreClock(clock))
        let forwarding = try await store.forward(to: other)
        try await forwarding.caughtUp()
        store.fail(.read, times: 2)
        store.fail(.save)
        store.fail(.save, afterwards: true)
        other.fail(.append, times: 2)
        other.fail(.append, afterwards: true)
        other.fail(.read)
        _ = try await store.append((1...500).map { event($0) })
        let caughtUp = Task { try await forwarding.caughtUp() }
        for _ in 0..<8 {
            await clock.sleepers(1)
            clock.advance(by: .seconds(10))
        }
        try await caughtUp.value
        #expect(other.events.map(\.id) == (1...500).map { "e\($0)" })
        await forwarding.stop()
    }

    @Test func `an event that the other store refuses is a dead letter and holds nobody up`() async throws {
        let (store, other) = (MemoryEventStore(retention: .whenDelivered), TargetStore())
        let tooLarge = EventStoreError(.tooLarge, "it's too large")
        let isLarge = Locked(true)
        other.answer { events in
            guard isLarge.withLock({ $0 }), let index = events.firstIndex(where: { $0.id == "e3" }) else {
                return .stores
            }
            return .fails(Array(0..<index), tooLarge)
        }
        _ = try await store.append((1...5).map { event($0) })
        let forwarding = try await store.forward(to: other)
        try await forwarding.caughtUp()
        #expect(other.ids == ["e1", "e2", "e4", "e5"])
        let letter = try #require(try await store.deadLetters(of: "forward").first)
        #expect(letter.sequence == 3 && letter.reason == .refused && letter.errors == [tooLarge.description])
        #expect(try await forwarding.status.dead == 1)
        try await store.redeliver(3, of: "forward")
        try await forwarding.caughtUp()
        #expect(try await store.deadLetters(of: "forward").count == 1)
        isLarge.withLock { $0 = false }
        try await store.redeliver(3, of: "forward")
        try await forwarding.caughtUp()
        #expect(other.ids == ["e1", "e2", "e4", "e5", "e3"])
        #expect(try await store.deadLetters(of: "forward").isEmpty)
        await forwarding.stop()
    }

    @Test func `forwarding ends at a fault that does not go by`() async throws {
        let (store, other) = (MemoryEventStore(), TargetStore())
        let gone = EventStoreError(.streamGone, "the stream is gone")
        other.answer { _ in .fails([], gone) }
        _ = try await store.append([event(1)])
        let forwarding = try await store.forward(to: other)
        await #expect(throws: gone) { try await forwarding.caughtUp() }
        await forwarding.stop()
        let status = try await forwarding.status
        #expect(status.fault == gone && status.deliverer == .nobody && status.waiting == 1)
        other.answer { _ in .stores }
        let next = try await store.forward(to: other)
        try await next.caughtUp()
        #expect(other.ids == ["e1"])
        await next.stop()
    }

    @Test func `a stop waits for the other store and at its deadline it does not`() async throws {
        let clock = ManualClock()
        let (store, other) = (MemoryEventStore(clock: StoreClock(clock)), TargetStore())
        let (reached, gate) = (Gate(isOpen: true), Gate())
        other.answer { _ in
            .waits {
                try? await reached.wait()
                await gate.waitIgnoringCancellation()
            }
        }
        _ = try await store.append((1...130).map { event($0) })
        let first = try await store.forward(to: other)
        await reached.arrivals(1)
        #expect(try await first.status.inFlight == 128)
        let stopped = Task { await first.stop(deadline: .seconds(5)) }
        await clock.sleepers(1)
        clock.advance(by: .seconds(5))
        #expect(await stopped.value.interrupted == Array(1...128))
        let second = try await store.forward(to: other)
        await reached.arrivals(2)
        let stopping = Task { await second.stop(deadline: .seconds(5)) }
        await clock.sleepers(1)
        gate.open()
        let report = await stopping.value
        #expect(report.interrupted.isEmpty && report.unacknowledged.isEmpty)
        #expect(try await store.status(of: "forward").position == 128)
    }

    @Test func `a stop ends the pause after a fault`() async throws {
        let (store, other) = (MemoryEventStore(clock: StoreClock(ManualClock())), TargetStore())
        let lost = EventStoreError(.unavailable, "there is no connection", isTransient: true)
        other.answer { _ in .fails([], lost) }
        _ = try await store.append([event(1)])
        let forwarding = try await store.forward(to: other)
        while try await forwarding.status.fault == nil { await Task.yield() }
        #expect(await forwarding.stop().givenBack == [1])
    }

    @Test(arguments: StoreUnderTest.all)
    func `what is not forwarded is kept and what is forwarded may go`(from: StoreUnderTest) async throws {
        let (store, _) = try await from(.whenDelivered)
        let other = TargetStore()
        let first = try await store.forward(to: other)
        try await first.caughtUp()
        await first.stop()
        _ = try await store.append([event(1), event(2)])
        try await forgetEvents(of: store)
        #expect(try await rest(of: store) == 2)
        let second = try await store.forward(to: other)
        try await second.caughtUp()
        try await forgetEvents(of: store)
        #expect(try await rest(of: store) == 0)
        await second.stop()
    }

    private func rest(of store: any EventStore) async throws -> Int {
        try await store.backlog(after: 0, .everything).count
    }

    @Test func `forwarding that is removed begins anew`() async throws {
        let (store, other) = (MemoryEventStore(retention: .forever), MemoryEventStore())
        _ = try await store.append([event(1)])
        let forwarding = try await store.forward(to: other, as: "outbox")
        try await forwarding.caughtUp()
        try await forwarding.remove()
        #expect(try await store.subscriptions().isEmpty)
        let next = try await store.forward(to: other, as: "outbox", from: .now)
        _ = try await store.append([event(2)])
        try await next.caughtUp()
        #expect(other.events.map(\.id) == ["e1", "e2"])
        await #expect(throws: EventStoreError.self) { try await store.forward(to: other, as: "outbox") }
        await next.stop()
    }
}

// What depends on the kind of store.

#if SQLite
    import EventDispatchSQLite
#endif

extension ForwardingTests {
    private func forgetEvents(of store: any EventStore) async throws {
        #if SQLite
            if let store = store as? SQLiteEventStore { try await store.forgetEvents() }
        #endif
        #if NATS
            if let store = store as? NATSEventStore { try await store.forgetEvents() }
        #endif
    }

    #if NATS
        @Test(.enabled(if: NATSServer.sharedURL != nil))
        func `an event is stored once though the broker has forgotten its id`() async throws {
            let broker = try await NATSEventStore(
                NATSOptions(try #require(NATSServer.sharedURL)),
                stream: "test-\(UUID().uuidString)",
                retention: .forever,
                duplicates: .milliseconds(100)
            )
            let (store, target) = (MemoryEventStore(), TargetStore(before: broker))
            let (reached, gate) = (Gate(isOpen: true), Gate())
            target.answer { _ in
                .then {
                    try? await reached.wait()
                    await gate.waitIgnoringCancellation()
                }
            }
            _ = try await store.append((1...3).map { event($0) })
            // The append is made, and the process doesn't come to note it.
            let killed = try await store.forward(to: target)
            await reached.arrivals(1)
            await store.close("forward", as: killed.claim)
            // Until the broker stores what it has had.
            while try await broker.append([event(3)]) == [3] {}
            let next = try await store.forward(to: broker)
            try await next.caughtUp()
            let ids = try await events(of: broker).map(\.id)
            #expect(ids == ["e1", "e2", "e3", "e3"], "the last of them by this test")
            await next.stop()
            gate.open()
            await killed.stop(deadline: .zero)
        }
    #endif
}
