import EventDispatch
import EventDispatchStore
import EventDispatchTracing

/// A bit of everything that a trace can show.
enum Shop {
    static func run(_ dispatcher: EventDispatcher, _ trace: EventDispatchTrace) async throws -> SubscriptionBag {
        let bag = SubscriptionBag()
        try subscribe(dispatcher, bag)
        for number in 1...6 { _ = try await dispatcher.fireReporting(Ordered(number: number, customer: "Ada")) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 7...10 {
                group.addTask { _ = try await dispatcher.fireReporting(Ordered(number: number, customer: "Grace")) }
            }
            try await group.waitForAll()
        }
        _ = try await dispatcher.fireReporting(Ignored())
        for _ in 0..<4 { _ = try? dispatcher.postNow(ReceiptDue()) }
        await dispatcher.drain()
        try await deliver(trace)
        await dispatcher.stop()
        _ = try? dispatcher.postNow(ReceiptDue())
        return bag
    }

    private static func subscribe(_ dispatcher: EventDispatcher, _ bag: SubscriptionBag) throws {
        let attempts = Attempts()
        try dispatcher.subscribe {
            On(Ordered.self) {
                Phase(.before, .failFast) {
                    Handle("check the stock") { order in try await pause(order.number % 3 + 1) }
                }
                Handle("charge the card") { order in
                    try await pause(4)
                    if order.number == 3 { throw Declined() }
                }.priority(2)
                Handle("tell the depot") { order in
                    try await pause(1)
                    if order.number.isMultiple(of: 2) {
                        _ = try await DispatchContext.current?.dispatcher.fireReporting(StockLow(article: "tea"))
                    }
                }
                Handle("ask the courier") { _ in
                    try await pause(1)
                    if attempts.next() % 4 != 0 { throw Declined() }
                }.retry(.exponential(from: .milliseconds(1), upTo: .milliseconds(2), attempts: 4))
                Handle("look for fraud") { order in
                    if order.number == 5 { try await deaf(to: 12) }
                }.timeout(.milliseconds(5), grace: .milliseconds(2))
                Handle("note it down") { _ in try await pause(9) }.detached()
                Rule {
                    Where(\.customer, is: "Grace")
                    Handle("greet") { _ in }.limit(3)
                }
                Phase(.after) { Handle("count") { _ in } }
            }
            On(StockLow.self) {
                Handle("order more") { _ in try await pause(2) }
                Handle("put on the board") { _ in }.debounce(.milliseconds(5))
            }
            On(ReceiptDue.self) { Handle("print") { _ in try await pause(1) } }
        }.store(in: bag)
    }

    private static func deliver(_ trace: EventDispatchTrace) async throws {
        let attempts = Attempts()
        let store = MemoryEventStore()
        let billing = try await store.subscribe(
            "billing",
            retry: .exponential(from: .milliseconds(2), attempts: 3),
            observers: [trace]
        ) {
            On(Shipped.self) {
                Handle("invoice") { event in
                    try await pause(1)
                    if event.number == 2, attempts.next() < 2 { throw Declined() }
                }
            }
        }
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        for number in 1...3 { try await store.publish(Shipped(number: number), trace: parent) }
        try await billing.caughtUp()
        await billing.stop()
    }

    private static func pause(_ milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }

    /// Takes its time, whoever cancels it.
    private static func deaf(to milliseconds: Int) async throws {
        try await Task.detached { try await pause(milliseconds) }.value
    }
}

final class Attempts: Sendable {
    private let count = Locked(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
