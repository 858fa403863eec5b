import EventDispatch
import EventDispatchStore
import EventDispatchTesting
import Testing

/// Faults and retention of the store in memory, and what subscriptions make of them.
@Suite(.timeLimit(.minutes(10))) struct MemoryStoreTests {
    private let clock = ManualClock()

    private func makeStore(_ retention: Retention = .whenDelivered, lease: Duration? = nil) -> MemoryEventStore {
        MemoryEventStore(retention: retention, lease: lease, clock: StoreClock(clock))
    }

    @Test func `a publish whose answer is lost stores the event once when it is repeated`() async throws {
        let store = makeStore(.forever)
        store.fail(.append, afterwards: true)
        let error = await #expect(throws: EventStoreError.self) {
            try await store.publish(OrderPlaced(id: 1), id: "a")
        }
        #expect(error?.isTransient == true)
        #expect(try await store.publish(OrderPlaced(id: 1), id: "a") == 1)
        #expect(store.events.map(\.id) == ["a"])
    }

    @Test func `a publish that fails stores nothing`() async throws {
        let store = makeStore(.forever)
        store.fail(.append)
        await #expect(throws: EventStoreError.self) {
            try await store.publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
        }
        #expect(store.events.isEmpty)
    }

    @Test func `delivery pauses at a fault and goes on by itself`() async throws {
        let store = makeStore(.forever)
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { order in journal.write("\(order.id)") } }
        }
        try await billing.caughtUp()
        store.fail(.read, times: 2)
        store.fail(.save, times: 1)
        try await store.publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
        for pause in [200, 400] {
            await clock.sleepers(1)
            #expect(try await billing.status.fault?.code == .unavailable)
            clock.advance(by: .milliseconds(pause))
        }
        await clock.sleepers(1)
        #expect(journal.lines.isEmpty, "the attempt isn't recorded yet")
        clock.advance(by: .milliseconds(200))
        try await billing.caughtUp()
        #expect(journal.lines == ["1", "2"])
        #expect(try await billing.status.fault == nil)
        await billing.stop()
    }

    @Test func `an acknowledgement that is refused is made again and the event is not`() async throws {
        let store = makeStore(.forever)
        let gate = Gate()
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) {
                Handle { order in
                    journal.write("\(order.id)")
                    try await gate.wait()
                }
            }
        }
        try await store.publish(OrderPlaced(id: 1))
        await gate.arrivals(1)
        store.fail(.save)
        gate.open()
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(200))
        try await billing.caughtUp()
        await billing.stop()
        #expect(journal.lines == ["1"])
        #expect(try await store.record(of: "billing")?.position == 1)
    }

    @Test func `a stop tells what it could not acknowledge`() async throws {
        let store = makeStore(.forever)
        let gate = Gate()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { _ in try await gate.wait() } }
        }
        try await store.publish(OrderPlaced(id: 1))
        await gate.arrivals(1)
        store.fail(.save, times: 9)
        gate.open()
        await clock.sleepers(1)
        let report = await billing.stop()
        #expect(report.unacknowledged == [1] && report.givenBack.isEmpty && report.interrupted.isEmpty)
    }

    @Test func `a stop before an attempt was recorded gives the event back without one`() async throws {
        let store = makeStore(.forever)
        let journal = Journal()
        let first = try await store.subscribe("billing", retry: .immediate(attempts: 1)) {
            On(OrderPlaced.self) { Handle { _ in journal.write("first") } }
        }
        try await first.caughtUp()
        store.fail(.save)
        try await store.publish(OrderPlaced(id: 1))
        await clock.sleepers(1)
        #expect(await first.stop().givenBack == [1])
        let second = try await store.subscribe("billing", retry: .immediate(attempts: 1)) {
            On(OrderPlaced.self) { Handle { _ in journal.write("second \(Delivery.current?.attempt ?? 0)") } }
        }
        try await second.caughtUp()
        #expect(journal.lines == ["second 1"])
        await second.stop()
    }

    @Test func `a stop at its deadline waits for what is being saved and saves the rest`() async throws {
        let store = ReadingStore(clock: StoreClock(clock))
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { _ in journal.write("handled") } }
        }
        try await billing.caughtUp()
        let saving = Gate()
        store.holdSaves(at: saving)
        try await store.publish(OrderPlaced(id: 1))
        await saving.arrivals(1)
        let stopped = Task { await billing.stop(deadline: .seconds(5)) }
        await clock.sleepers(1)
        clock.advance(by: .seconds(5))
        // Time for the deadline to end the subscription, while what is being saved is held up.
        for _ in 0..<100 { await Task.detached {}.value }
        saving.open()
        #expect(await stopped.value.givenBack == [1])
        #expect(try await store.record(of: "billing")?.attempts[1]?.count == 0, "it was recorded, and hasn't begun")
        #expect(journal.lines.isEmpty)
    }

    @Test func `a subscription ends at a fault that does not go by`() async throws {
        let store = makeStore(.forever)
        let billing = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        try await billing.caughtUp()
        store.fail(.read, with: EventStoreError(.corrupt, "half a page"))
        try await store.publish(OrderPlaced(id: 1))
        let error = await #expect(throws: EventStoreError.self) { try await billing.caughtUp() }
        #expect(error?.code == .corrupt)
        await billing.stop()
        let status = try await billing.status
        #expect(status.deliverer == .nobody && status.fault?.code == .corrupt)
        let again = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        try await again.caughtUp()
        await again.stop()
    }

    @Test func `a subscription that can not be opened claims nothing`() async throws {
        let store = makeStore(.forever)
        store.fail(.open)
        await #expect(throws: EventStoreError.self) {
            try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        }
        let billing = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        await billing.stop()
    }

    @Test func `a lease is extended while a handler runs`() async throws {
        let store = makeStore(.forever, lease: .seconds(10))
        let gate = Gate()
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) {
                Handle { _ in
                    journal.write("\(Delivery.current?.attempt ?? 0)")
                    try await gate.wait()
                }
            }
        }
        try await store.publish(OrderPlaced(id: 1))
        await gate.arrivals(1)
        for _ in 0..<4 {
            await clock.sleepers(1)
            clock.advance(by: .seconds(5))
        }
        await clock.sleepers(1)
        gate.open()
        try await billing.caughtUp()
        #expect(journal.lines == ["1"])
        await billing.stop()
    }

    @Test func `a delivery that has lost its lease is cancelled and the event delivered again after its end`()
        async throws
    {
        let store = makeStore(.forever, lease: .seconds(10))
        let (gate, journal) = (Gate(), Journal())
        let billing = try await store.subscribe("billing", retry: .immediate(attempts: 2)) {
            On(OrderPlaced.self) {
                Handle { _ in
                    let attempt = Delivery.current?.attempt ?? 0
                    journal.write("begins \(attempt)")
                    if attempt == 1 { try? await gate.wait() }
                    journal.write("ends \(attempt)")
                }
            }
        }
        try await store.publish(OrderPlaced(id: 1))
        await gate.arrivals(1)
        await clock.sleepers(1)
        store.fail(.extend, with: EventStoreError(.leaseLost, "another has it"))
        clock.advance(by: .seconds(5))
        try await billing.caughtUp()
        #expect(journal.lines == ["begins 1", "ends 1", "begins 2", "ends 2"])
        await billing.stop()
    }

    @Test func `an event goes when every subscription is done with it`() async throws {
        let store = makeStore(.whenDelivered)
        try await store.publish(OrderPlaced(id: 1))
        #expect(store.events.count == 1, "there is no subscription yet")
        let (billed, mailed) = (Gate(), Gate())
        let first = try await store.subscribe("billing", from: .beginning) {
            On(OrderPlaced.self) { Handle { _ in try await billed.wait() } }
        }
        let second = try await store.subscribe("mailing", from: .beginning) {
            On(OrderPlaced.self) { Handle { _ in try await mailed.wait() } }
        }
        await mailed.arrivals(1)
        billed.open()
        try await first.caughtUp()
        #expect(store.events.count == 1)
        mailed.open()
        try await second.caughtUp()
        #expect(store.events.isEmpty)
        await first.stop()
        await second.stop()
    }

    @Test func `an event stays for its time though everybody is done with it`() async throws {
        let store = makeStore(.for(.seconds(60)))
        let billing = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        try await store.publish(OrderPlaced(id: 1))
        try await billing.caughtUp()
        clock.advance(by: .seconds(59))
        try await store.publish(OrderPlaced(id: 2))
        try await billing.caughtUp()
        #expect(store.events.map(\.sequence) == [1, 2])
        clock.advance(by: .seconds(1))
        try await store.publish(OrderPlaced(id: 3))
        try await billing.caughtUp()
        #expect(store.events.map(\.sequence) == [2, 3])
        await billing.stop()
    }

    @Test func `a subscription that is stopped keeps what it needs and one that is removed does not`() async throws {
        let store = makeStore(.whenDelivered)
        let billing = try await store.subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
        let mailing = try await store.subscribe("mailing") { On(OrderPlaced.self) { Handle { _ in } } }
        await mailing.stop()
        try await store.publish(OrderPlaced(id: 1))
        try await billing.caughtUp()
        #expect(store.events.count == 1)
        try await mailing.remove()
        #expect(store.events.isEmpty)
        await billing.stop()
    }

    @Test func `an event that is gone is not stored again`() async throws {
        let store = makeStore(.whenDelivered)
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { order in journal.write("\(order.id)") } }
        }
        for id in 1...5 {
            try await store.publish(OrderPlaced(id: id), id: "\(id)")
            try await billing.caughtUp()
            #expect(store.events.isEmpty)
            #expect(try await store.publish(OrderPlaced(id: id), id: "\(id)") == Int64(id))
        }
        try await billing.caughtUp()
        #expect(journal.lines == ["1", "2", "3", "4", "5"])
        await billing.stop()
    }

    @Test func `two types of the same stored name are refused`() async throws {
        struct Other: StorableEvent { static let storedName = "shop.order.placed" }
        let store = makeStore()
        let error = await #expect(throws: EventStoreError.self) {
            try await store.subscribe("billing") {
                On(OrderPlaced.self) { Handle { _ in } }
                On(Other.self) { Handle { _ in } }
            }
        }
        #expect(error?.code == .ambiguousName)
    }
}
