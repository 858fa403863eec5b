import EventDispatch

/// Many fires, side by side in four tasks, of which some nest and some fail.
enum Crowd {
    static func run(_ count: Int, _ dispatcher: EventDispatcher) async throws -> SubscriptionBag {
        let bag = SubscriptionBag()
        try dispatcher.subscribe {
            On(Ordered.self) {
                Phase(.before) { Handle("check") { _ in } }
                Handle("book") { order in
                    if order.number.isMultiple(of: 500) { throw Declined() }
                    if order.number.isMultiple(of: 3) {
                        _ = try DispatchContext.current?.dispatcher.fireSynchronously(StockLow(article: "tea"))
                    }
                }
                Handle("tell") { _ in await Task.yield() }
            }
            On(StockLow.self) { Handle("order more") { _ in } }
        }.store(in: bag)
        // Every third one fires another inside.
        let outer = count * 4 / 5
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<4 {
                group.addTask {
                    for number in stride(from: part, to: outer, by: 4) {
                        _ = try await dispatcher.fireReporting(Ordered(number: number + 1, customer: "Ada"))
                    }
                }
            }
            try await group.waitForAll()
        }
        return bag
    }
}
