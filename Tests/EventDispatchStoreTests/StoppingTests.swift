import EventDispatch
import EventDispatchStore
import EventDispatchTesting
import Testing

/// How a subscription ends and begins again, for every store.
@Suite(.timeLimit(.minutes(10))) struct StoppingTests {
    @Test(arguments: StoreUnderTest.all)
    func `a stop lets what runs end and gives the rest back`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let gate = Gate()
        let journal = Journal()
        func open() async throws -> DurableSubscription {
            try await store.subscribe("billing", from: .beginning) {
                On(OrderPlaced.self) {
                    Handle { order in
                        try await gate.wait()
                        journal.write("\(order.id) \(Delivery.current?.attempt ?? 0)")
                    }
                }
            }
        }
        try await store.publish((1...3).map { OrderPlaced(id: $0) })
        let first = try await open()
        await gate.arrivals(1)
        async let stopped = first.stop(deadline: .seconds(60))
        await clock.sleepers(1)
        gate.open()
        let report = await stopped
        #expect(report.givenBack == [2, 3] && report.interrupted.isEmpty && report.unacknowledged.isEmpty)
        #expect(journal.lines == ["1 1"])
        let second = try await open()
        try await second.caughtUp()
        #expect(journal.lines == ["1 1", "2 1", "3 1"])
        await second.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `at the deadline of a stop what still runs is cancelled and given back`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let gate = Gate()
        let ended = Gate()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) {
                Handle { _ in
                    do { try await gate.wait() } catch {
                        ended.open()
                        throw error
                    }
                }
            }
        }
        try await store.publish(OrderPlaced(id: 1))
        await gate.arrivals(1)
        async let stopped = billing.stop(deadline: .seconds(5))
        await clock.sleepers(1)
        clock.advance(by: .seconds(5))
        #expect(await stopped.interrupted == [1])
        await ended.waitIgnoringCancellation()
        #expect(try await store.record(of: "billing")?.position == 0)
    }

    @Test(arguments: StoreUnderTest.all)
    func `a subscription delivers though nobody holds it`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let handled = Gate(isOpen: true)
        func open() async throws {
            try await store.subscribe("billing") {
                On(OrderPlaced.self) { Handle { _ in try await handled.wait() } }
            }
        }
        try await open()
        try await store.publish(OrderPlaced(id: 1))
        await handled.arrivals(1)
    }

    @Test(arguments: StoreUnderTest.all)
    func `a subscription that was stopped is freed with its handlers`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let freed = Gate()
        func deliver() async throws {
            let captured = Captured(freed)
            let billing = try await store.subscribe("billing") {
                On(OrderPlaced.self) { Handle { _ in withExtendedLifetime(captured) {} } }
            }
            try await store.publish(OrderPlaced(id: 1))
            try await billing.caughtUp()
            await billing.stop()
        }
        try await deliver()
        await freed.waitIgnoringCancellation()
    }

    @Test(arguments: StoreUnderTest.all)
    func `handlers may stop their own subscription and their events are acknowledged`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store()
        let itself = Locked<DurableSubscription?>(nil)
        let journal = Journal()
        let (begun, stopped) = (Gate(), Gate(isOpen: true))
        func open() async throws -> DurableSubscription {
            try await store.subscribe("billing", order: .concurrent(2)) {
                On(OrderPlaced.self) {
                    Handle { order in
                        await begun.waitIgnoringCancellation()
                        journal.write("\(order.id) \(Delivery.current?.attempt ?? 0)")
                        await itself.withLock { $0 }?.stop()
                        await stopped.waitIgnoringCancellation()
                    }
                }
            }
        }
        let first = try await open()
        itself.withLock { $0 = first }
        try await store.publish((1...3).map { OrderPlaced(id: $0) })
        await begun.arrivals(2)
        begun.open()
        await stopped.arrivals(2)
        // Waits for the handlers that have stopped it.
        await first.stop()
        itself.withLock { $0 = nil }
        let second = try await open()
        try await second.caughtUp()
        #expect(Set(journal.lines) == ["1 1", "2 1", "3 1"] && journal.lines.count == 3)
        await second.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a subscription that was stopped twice at once can be opened at once`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        for _ in 0..<20 {
            let billing = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
            async let first = billing.stop()
            await billing.stop()
            let again = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
            _ = await first
            await again.stop()
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `of several that subscribe at once with a name one delivers`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let journal = Journal()
        let opened = await withTaskGroup(of: DurableSubscription?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    try? await store.subscribe("billing", from: .beginning) {
                        On(OrderPlaced.self) { Handle { order in journal.write("\(order.id) by \(number)") } }
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        .compactMap(\.self)
        #expect(opened.count == 1)
        try await store.publish((1...20).map { OrderPlaced(id: $0) })
        for subscription in opened { try await subscription.caughtUp() }
        #expect(journal.lines.count == 20)
        for subscription in opened { await subscription.stop() }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a time that never comes can be waited for`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let gate = Gate()
        let billing = try await store.subscribe(
            "billing",
            retry: .constant(.seconds(Int64.max), attempts: 2),
            jitter: 0
        ) {
            On(OrderPlaced.self) {
                Handle { _ in
                    try await gate.wait()
                    throw Refused()
                }
            }
        }
        try await store.publish(OrderPlaced(id: 1))
        await gate.arrivals(1)
        gate.open()
        await clock.sleepers(1)
        #expect(try await billing.status.retrying.count == 1)
        #expect(await billing.stop(deadline: .seconds(Int64.max)).givenBack == [1])
    }

    @Test(arguments: StoreUnderTest.all)
    func `what was published while nobody delivered is delivered after the next start`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store(.whenDelivered)
        let journal = Journal()
        let first = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        await first.stop()
        try await store.publish((1...200).map { OrderPlaced(id: $0) })
        let second = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { order in journal.write("\(order.id)") } }
        }
        try await second.caughtUp()
        #expect(journal.lines == (1...200).map(String.init))
        await second.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a subscription that was removed is forgotten`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let first = try await store.subscribe("billing", retry: .immediate(attempts: 1)) {
            On(OrderPlaced.self) { Handle { _ in throw Refused() } }
        }
        try await store.publish(OrderPlaced(id: 1))
        try await first.caughtUp()
        try await first.remove()
        let second = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        try await second.caughtUp()
        #expect(try await second.status.position == 1)
        #expect(try await second.deadLetters().isEmpty)
        await second.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a subscription that is stopped can not catch up`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let billing = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        await billing.stop()
        let error = await #expect(throws: EventStoreError.self) { try await billing.caughtUp() }
        #expect(error?.code == .stopped)
    }

    @Test(arguments: StoreUnderTest.all)
    func `a handler that would wait for itself gets an error`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let itself = Locked<DurableSubscription?>(nil)
        let billing = try await store.subscribe("billing", retry: .immediate(attempts: 1)) {
            On(OrderPlaced.self) { Handle { _ in try await itself.withLock { $0 }?.caughtUp() } }
        }
        itself.withLock { $0 = billing }
        try await store.publish(OrderPlaced(id: 1))
        try await billing.caughtUp()
        #expect(try await billing.deadLetters().first?.errors.first?.contains("waitsForItself") == true)
        itself.withLock { $0 = nil }
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a wait until it has caught up ends when its task is cancelled`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let gate = Gate()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { _ in try await gate.wait() } }
        }
        try await store.publish(OrderPlaced(id: 1))
        let waiting = Task { try await billing.caughtUp() }
        await gate.arrivals(1)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        gate.open()
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `status tells how far behind a subscription is`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let gate = Gate()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { _ in try await gate.wait() } }
        }
        try await store.publish((1...3).map { OrderPlaced(id: $0) })
        await gate.arrivals(1)
        clock.advance(by: .seconds(7))
        let behind = try await billing.status
        #expect(behind.inFlight == 1 && behind.waiting == 2 && behind.lag == .seconds(7) && behind.position == 0)
        #expect("\(behind)" == "done up to 0, 2 wait, 1 run, 0 dead letters, 7.0 seconds behind, delivered here")
        gate.open()
        try await billing.caughtUp()
        let status = try await billing.status
        #expect(status.inFlight == 0 && status.waiting == 0 && status.lag == .zero && status.position == 3)
        await billing.stop()
    }
}
