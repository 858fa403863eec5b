import EventDispatch
import EventDispatchStore
import EventDispatchTesting
import Testing

/// In which order events are delivered, and what a failing one holds up, for every store.
@Suite(.timeLimit(.minutes(10))) struct OrderTests {
    private static let retry = RetryPolicy.constant(.seconds(10), attempts: 3)

    @Test(arguments: StoreUnderTest.all)
    func `in order a failing event holds the rest up until it succeeds`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let journal = Journal()
        let trouble = Trouble(1)
        let billing = try await store.subscribe("billing", retry: Self.retry, jitter: 0) {
            On(OrderPlaced.self) {
                Handle { order in
                    journal.write("\(order.id)")
                    try trouble.meet()
                }
            }
        }
        try await store.publish([OrderPlaced(id: 1), OrderPlaced(id: 2), OrderPlaced(id: 3)])
        await clock.sleepers(1)
        #expect(journal.lines == ["1"])
        let status = try await billing.status
        #expect(status.retrying.map(\.sequence) == [1] && status.waiting == 2 && status.position == 0)
        #expect(status.retrying[0].attempts.retryAt == StoreTime(sinceEpoch: .seconds(10)))
        #expect(status.retrying[0].attempts.errors.count == 1)
        clock.advance(by: .seconds(10))
        try await billing.caughtUp()
        #expect(journal.lines == ["1", "1", "2", "3"])
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `in order the rest goes on when an event is dead`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let journal = Journal()
        let billing = try await store.subscribe("billing", retry: .immediate(attempts: 2)) {
            On(OrderPlaced.self) {
                Handle { order in
                    journal.write("\(order.id)")
                    if order.id == 1 { throw Refused() }
                }
            }
        }
        try await store.publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
        try await billing.caughtUp()
        #expect(journal.lines == ["1", "1", "2"])
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `per value a failing event holds up its own value only`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let journal = Journal()
        let trouble = Trouble(1)
        let done = Gate(isOpen: true)
        let order = DeliveryOrder.inOrder(per: \OrderPlaced.customer).and(per: \OrderPaid.customer)
        let billing = try await store.subscribe("billing", order: order, retry: Self.retry, jitter: 0) {
            On(OrderPlaced.self) {
                Handle { order in
                    journal.write("\(order.customer) placed \(order.id)")
                    if order.customer == "c1" { try trouble.meet() }
                }
            }
            On(OrderPaid.self) {
                Handle { order in
                    journal.write("\(order.customer) paid \(order.id)")
                    try await done.wait()
                }
            }
        }
        try await store.publish([
            OrderPlaced(id: 1, customer: "c1"), OrderPlaced(id: 2, customer: "c2"), OrderPaid(id: 1, customer: "c1"),
            OrderPaid(id: 2, customer: "c2"), OrderPlaced(id: 3, customer: "c1"),
        ])
        await clock.sleepers(1)
        await done.arrivals(1)
        #expect(journal.lines.filter { $0.hasPrefix("c2") } == ["c2 placed 2", "c2 paid 2"])
        #expect(journal.lines.filter { $0.hasPrefix("c1") } == ["c1 placed 1"])
        clock.advance(by: .seconds(10))
        try await billing.caughtUp()
        #expect(
            journal.lines.filter { $0.hasPrefix("c1") }
                == ["c1 placed 1", "c1 placed 1", "c1 paid 1", "c1 placed 3"]
        )
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `so many are delivered at a time as the order says`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let gate = Gate()
        let running = Locked(0)
        let most = Locked(0)
        let billing = try await store.subscribe("billing", order: .concurrent(3)) {
            On(OrderPlaced.self) {
                Handle { _ in
                    let count = running.withLock { running in
                        running += 1
                        return running
                    }
                    most.withLock { $0 = max($0, count) }
                    try await gate.wait()
                    running.withLock { $0 -= 1 }
                }
            }
        }
        try await store.publish((1...10).map { OrderPlaced(id: $0) })
        await gate.arrivals(3)
        #expect(try await billing.status.inFlight == 3)
        #expect(try await billing.status.waiting == 7)
        gate.open()
        try await billing.caughtUp()
        #expect(most.withLock { $0 } == 3)
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `what is done out of order is not delivered again after a restart`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let journal = Journal()
        let trouble = Trouble(1)
        let begun = Gate(isOpen: true)
        func open() async throws -> DurableSubscription {
            try await store.subscribe(
                "billing",
                order: .inOrder(per: \OrderPlaced.id, atOnce: 1),
                retry: Self.retry,
                jitter: 0
            ) {
                On(OrderPlaced.self) {
                    Handle { order in
                        journal.write("\(order.id) \(Delivery.current?.attempt ?? 0)")
                        try await begun.wait()
                        if order.id == 1 { try trouble.meet() }
                    }
                }
            }
        }
        let first = try await open()
        try await store.publish((1...3).map { OrderPlaced(id: $0) })
        await begun.arrivals(3)
        let report = await first.stop()
        #expect(report.givenBack == [1])
        let second = try await open()
        await clock.sleepers(1)
        #expect(journal.lines == ["1 1", "2 1", "3 1"])
        clock.advance(by: .seconds(10))
        try await second.caughtUp()
        #expect(journal.lines == ["1 1", "2 1", "3 1", "1 2"])
        #expect(try await second.status.lag == .zero, "nothing is held that is done")
        await second.stop()
    }
}
