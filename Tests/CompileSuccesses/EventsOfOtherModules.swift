import EventDispatch
import PluginEvents

extension OrderPlaced {
    var isBulk: Bool { total >= 100 }
}

extension OrderPlaced.MatchKeys {
    var total: OrderPlaced.Key<Int> { .init(\.total) }
    var isBulk: OrderPlaced.Key<Bool> { .init(\.isBulk, name: "bulk") }
}

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(OrderPlaced.self) {
            Where(\.customer == "acme")
            Where(\.total, in: 1...10)
            Where(\.isBulk == false)
            Handle { order in print(order.customer) }.limit(2, per: \.customer)
        }
        On(Ping.self) {
            Where(\.count == 3)
            Handle { ping in print(ping.count) }
        }
    }
}
