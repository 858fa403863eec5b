import EventDispatch

@MainActor final class Mailroom: @MainActor EventSubscriber {
    var handlers: [SubscriptionDeclaration] {
        On(Ping.self) { Handle("weak", weak: self) { @MainActor mailroom, event in mailroom.sent(event) } }
        OnAny { event in print(type(of: event).eventName) }
        OnAny(named: "shop.**") { Handle { @MainActor event in print(event.eventName) } }
    }

    func sent(_ event: Ping) {}
}

struct Account: Hashable, Sendable {
    var id = 0
}

struct AccountObserver: ModelObserver {
    nonisolated func creating(_ account: Account) throws {}
    nonisolated func created(_ account: Account) async {}
    @MainActor func deleted(_ account: Account) async {}
}

@MainActor func use(_ dispatcher: EventDispatcher) async throws {
    let mailroom = try dispatcher.register(Mailroom())
    try await mailroom.muted { try await dispatcher.fire(Ping(count: 1)) }
    let observer = try dispatcher.register(AccountObserver())
    let account = try await dispatcher.performing(.create, on: Account()) { Account(id: 1) }
    try await dispatcher.performing(.delete, on: account) { print("deleted") }
    let size = try await dispatcher.fire(Ping(count: 1)) { 42 }
    print(size)
    try await dispatcher.withSubscription {
        On(Ping.self) { Handle { _ in } }
    } perform: {
        try await dispatcher.fire(Ping(count: 1))
    }
    observer.cancel()
}

func read(_ dispatcher: EventDispatcher) async throws {
    for await ping in try dispatcher.events(of: Ping.self) {
        print(ping)
        break
    }
    let next = try dispatcher.next(of: Ping.self, timeout: .seconds(1))
    try await dispatcher.fire(Ping(count: 1))
    print(try await next.value)
    let signal = Signal<Int, String>(1)
    try signal.connect(keys: ["a"]) { call in "\(call.payload)" }
    try signal.connect { @MainActor call in "\(call.payload)" }
    print(try await signal.send(2, keys: ["a"]))
}
