import EventDispatch
import EventDispatchStore
import EventDispatchTesting
import Foundation
import Testing

/// Publishing and delivering, for every store.
@Suite(.timeLimit(.minutes(10))) struct DeliveryTests {
    @Test(arguments: StoreUnderTest.all)
    func `an explanation says whether the store sends an event and which handlers it matches`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) {
                Where(\.region == "eu")
                Handle("invoice") { _ in }
            }
        }
        let wanted = try await billing.explain(OrderPlaced(id: 1, region: "eu"))
        #expect(wanted.isWanted && wanted.handlers.matched.count == 1 && !wanted.storeFilters.isEmpty)
        #expect("\(wanted)".contains("'billing' is sent events of") && "\(wanted)".contains("'invoice'"))
        let other = try await billing.explain(OrderPlaced(id: 1, region: "us"))
        #expect(!other.isWanted && other.handlers.matched.isEmpty)
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `an event that was published is delivered once and acknowledged`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { order in journal.write("\(order.id)") } }
        }
        try await store.publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
        try await billing.caughtUp()
        #expect(journal.lines == ["1", "2"])
        #expect(try await billing.status.position == 2)
        await billing.stop()
        let again = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { order in journal.write("again \(order.id)") } }
        }
        try await again.caughtUp()
        #expect(journal.lines == ["1", "2"])
        await again.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `every subscription has a position of its own`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let journal = Journal()
        var subscriptions: [DurableSubscription] = []
        for name in ["billing", "mailing"] {
            let subscription = try await store.subscribe(name) {
                On(OrderPlaced.self) { Handle { order in journal.write("\(name) \(order.id)") } }
            }
            subscriptions.append(subscription)
        }
        try await store.publish(OrderPlaced(id: 1))
        for subscription in subscriptions { try await subscription.caughtUp() }
        #expect(journal.lines.sorted() == ["billing 1", "mailing 1"])
    }

    @Test(arguments: StoreUnderTest.all)
    func `publishing again with the same id stores the event once`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { order in journal.write("\(order.id) \(Delivery.current?.id ?? "")") } }
        }
        let first = try await store.publish(OrderPlaced(id: 1), id: "a")
        let second = try await store.publish(OrderPlaced(id: 1), id: "a")
        #expect(first == second)
        try await billing.caughtUp()
        #expect(journal.lines == ["1 a"])
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `publishing several again with the same ids stores them once`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let orders = (1...3).map { OrderPlaced(id: $0) }
        let first = try await store.publish(orders, ids: ["a", "b", "c"])
        let second = try await store.publish([OrderPlaced(id: 9)] + orders, ids: ["z", "a", "b", "c"])
        #expect(first == [1, 2, 3] && second == [4, 1, 2, 3])
        let error = await #expect(throws: EventStoreError.self) { try await store.publish(orders, ids: ["d"]) }
        #expect(error?.code == .wrongIDs && error?.message.contains("1 IDs for 3 events") == true)
        #expect(try await store.publish([]).isEmpty)
    }

    @Test(arguments: StoreUnderTest.all)
    func `later events have later ids of their own`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        var ids: [String] = []
        for id in 1...20 {
            let sequence = try await store.publish(OrderPlaced(id: id))
            ids += try await store.events(at: [sequence]).map(\.id)
            clock.advance(by: .milliseconds(1))
        }
        #expect(ids == ids.sorted() && Set(ids).count == 20)
        let isVersion7 = ids.allSatisfy {
            UUID(uuidString: $0) != nil && Array($0)[14] == "7" && "89ab".contains(Array($0)[19])
        }
        #expect(isVersion7)
    }

    @Test(arguments: StoreUnderTest.all)
    func `handlers know the delivery that they run in`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let seen = Locked<[Delivery]>([])
        let trouble = Trouble(1)
        let billing = try await store.subscribe("billing", retry: .immediate(attempts: 2)) {
            On(OrderPlaced.self) {
                Handle { _ in
                    seen.withLock { seen in if let delivery = Delivery.current { seen.append(delivery) } }
                    try trouble.meet()
                }
            }
        }
        clock.advance(by: .seconds(5))
        let sequence = try await store.publish(OrderPlaced(id: 1), id: "a", trace: "00-1-2-01")
        try await billing.caughtUp()
        let deliveries = seen.withLock { $0 }
        #expect(deliveries.map(\.attempt) == [1, 2])
        for delivery in deliveries {
            #expect(delivery.id == "a" && delivery.subscription == "billing" && delivery.sequence == sequence)
            #expect(delivery.published == StoreTime(sinceEpoch: .seconds(5)) && delivery.trace == "00-1-2-01")
        }
        #expect(Delivery.current == nil)
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `an event that no handler matches is acknowledged without an attempt`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) {
                Where(\.id > 10)
                Handle { order in journal.write("\(order.id)") }
            }
        }
        try await store.publish([OrderPlaced(id: 1), OrderPaid(id: 1, customer: "c1"), OrderPlaced(id: 11)])
        try await billing.caughtUp()
        #expect(journal.lines == ["11"])
        let status = try await billing.status
        #expect(status.position == 3 && status.waiting == 0 && status.dead == 0)
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `events of other names and routing values are not fetched`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let read = try await interests {
            On(OrderPlaced.self) {
                Where(\.region == "eu")
                Handle { _ in }
            }
        }
        _ = try await store.publish([
            OrderPlaced(id: 1), OrderPlaced(id: 2, region: "us"), OrderPaid(id: 3, customer: "c"),
        ])
        let batch = try await store.read(after: 0, limit: 10, read)
        #expect(batch.events.map(\.sequence) == [1])
        #expect(batch.upTo == 3 && batch.isEnd)
    }

    @Test(arguments: StoreUnderTest.all)
    func `a filter that does not list routing values fetches all of them`(store: StoreUnderTest) async throws {
        let read = try await interests {
            On(OrderPlaced.self) {
                Rule {
                    Where(\.region == "eu" || \.region == "us")
                    Handle { _ in }
                }
                Rule {
                    Where(\.region == "uk" && \.id > 1)
                    Handle { _ in }
                }
            }
            On(OrderPaid.self) { Handle { _ in } }
        }
        #expect(read.parts.map(\.routing) == [["region": ["eu", "us", "uk"]], [:]])
        let all = try await interests {
            On(OrderPlaced.self) {
                Where(\.region == "eu" || \.id > 1)
                Handle { _ in }
            }
        }
        #expect(all.parts.map(\.routing) == [[:]])
    }

    @Test(arguments: StoreUnderTest.all)
    func `a handler that times out is a failed delivery`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let gate = Gate()
        let billing = try await store.subscribe("billing", retry: .immediate(attempts: 1)) {
            On(OrderPlaced.self) { Handle { _ in try await gate.wait() }.timeout(.seconds(1)) }
        }
        try await store.publish(OrderPlaced(id: 1))
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        try await billing.caughtUp()
        #expect(try await billing.deadLetters().map(\.reason) == [.attemptsFailed])
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `what older releases wrote is read by its version`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPaid.self) { Handle { order in journal.write("\(order.id) \(order.customer)") } }
        }
        _ = try await store.append([
            stored("shop.order.paid", #"{"id":1}"#, version: 1),
            stored("shop.order.paid", #"{"id":2,"customer":"c2","unknown":[]}"#, version: 2),
        ])
        try await billing.caughtUp()
        #expect(journal.lines == ["1 unknown", "2 c2"])
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a new subscription begins where it is told to`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        for id in 1...4 {
            try await store.publish(OrderPlaced(id: id))
            clock.advance(by: .seconds(1))
        }
        let starts: [(StartingPoint, [String])] = [
            (.beginning, ["1", "2", "3", "4"]), (.now, []), (.sequence(3), ["3", "4"]),
            (.time(StoreTime(sinceEpoch: .milliseconds(1500))), ["3", "4"]),
            (.time(StoreTime(sinceEpoch: .seconds(9))), []),
        ]
        for (index, (start, expected)) in starts.enumerated() {
            let journal = Journal()
            let subscription = try await store.subscribe("\(index)", from: start) {
                On(OrderPlaced.self) { Handle { order in journal.write("\(order.id)") } }
            }
            try await subscription.caughtUp()
            #expect(journal.lines == expected, "\(start)")
            await subscription.stop()
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a subscription is delivered once at a time`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let first = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        let error = await #expect(throws: EventStoreError.self) {
            try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        }
        #expect(error?.code == .alreadySubscribed)
        await first.stop()
        let second = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        await second.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a mistake in a declaration is refused and claims nothing`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        await #expect(throws: DispatchError.self) {
            try await store.subscribe("billing", retry: .immediate(attempts: 0)) {
                On(OrderPlaced.self) { Handle { _ in } }
            }
        }
        await #expect(throws: DispatchError.self) {
            try await store.subscribe("billing") {
                On(OrderPlaced.self) { Handle { _ in }.limit(0) }
            }
        }
        let subscription = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        await subscription.stop()
    }
}

func stored(_ name: String, _ json: String, version: Int = 1) -> StoredEvent {
    StoredEvent(
        id: UUID().uuidString,
        name: name,
        schemaVersion: version,
        source: "test",
        time: StoreTime(sinceEpoch: .zero),
        data: Data(json.utf8)
    )
}

/// What a subscription asks a store for.
private func interests(
    @DurableSubscriptionBuilder _ blocks: () -> [DurableDeclaration]
) async throws -> EventInterest {
    let store = ReadingStore()
    let subscription = try await store.subscribe("reader", blocks)
    try await subscription.caughtUp()
    await subscription.stop()
    return store.interest
}
