import EventDispatch
import EventDispatchStore
import EventDispatchTracing
import Testing

/// Durable deliveries in a trace.
@Suite(.timeLimit(.minutes(10))) struct DeliveryTraceTests {
    private struct Shipped: StorableEvent {
        let number: Int
        static var storedName: String { "shipped" }
    }

    @Test func `deliveries say subscription and attempt and store`() async throws {
        let (store, trace) = (MemoryEventStore(), EventDispatchTrace())
        let attempts = Locked(0)
        let retry = RetryPolicy.immediate(attempts: 3)
        let billing = try await store.subscribe("billing", retry: retry, observers: [trace]) {
            On(Shipped.self) {
                Handle("invoice") { event in
                    let attempt = attempts.withLock { count in
                        count += 1
                        return count
                    }
                    if attempt == 2 { throw Failure() }
                }
            }
        }
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        try await store.publish(Shipped(number: 1))
        try await store.publish(Shipped(number: 2), trace: parent)
        try await billing.caughtUp()
        let deliveries = trace.snapshot.fires.compactMap(\.delivery)
        #expect(deliveries.map(\.sequence) == [1, 2, 2])
        #expect(deliveries.map(\.attempt) == [1, 1, 2])
        #expect(deliveries.map(\.trace) == [nil, parent, parent])
        #expect(deliveries.allSatisfy { $0.subscription == "billing" && $0.store == "MemoryEventStore" })
        #expect(trace.snapshot.fires.map(\.hasFailed) == [false, true, false])
        #expect(trace.snapshot.listings.map(\.dispatcher) == ["billing"])
        await billing.stop()
    }

    @Test func `what a delivery's handler fires elsewhere is nested in it and is no delivery`() async throws {
        let (store, trace, dispatcher) = (MemoryEventStore(), EventDispatchTrace(), EventDispatcher(name: "elsewhere"))
        dispatcher.observe(with: trace)
        let billing = try await store.subscribe("billing", observers: [trace]) {
            On(Shipped.self) { Handle("tell") { _ in try await dispatcher.fire(Counted()) } }
        }
        try await store.publish(Shipped(number: 1))
        try await billing.caughtUp()
        #expect(trace.snapshot.fires.map { $0.delivery == nil } == [false, true])
        #expect(trace.snapshot.outline.last == "counted in \(Shipped.eventName) by tell, unhandled")
        await billing.stop()
    }
}
