import EventDispatch

struct Entry: MatchableEvent {
    enum Kind: Sendable, Comparable { case guest, member }

    let isPaid: Bool
    let isLate: Bool
    let age: Int?
    let kind: Kind?
    let note: String?
    let room: Int

    struct MatchKeys: MatchKeySet {
        let isPaid = Key(\.isPaid)
        let isLate = Key(\.isLate)
        let age = Key(\.age)
        let kind = Key(\.kind)
        let note = Key(\.note)
        let room = Key(\.room)
    }
}

private let isAdult: Filter<Entry> = \.age >= 18
private let isPaid = Filter<Entry>(\.isPaid)
private let isFree: Filter<Entry> = !\.isPaid
private let isFine: Filter<Entry> = \.isPaid && !\.isLate && \.age >= 18 || \.room < 3

private struct Plugin {
    @SubscriptionBuilder var handlers: [SubscriptionDeclaration] {
        On(Entry.self, where: \.room > 3) { Handle { _ in } }
        On(Ping.self) { Handle { _ in } }
    }
}

@SubscriptionBuilder
private func handlers(_ plugins: [Plugin], isStrict: Bool) -> [SubscriptionDeclaration] {
    for plugin in plugins { plugin.handlers }
    if isStrict { plugins.flatMap(\.handlers) }
    On(Entry.self, where: isAdult) {
        Handle { _ in await Task.yield() }
        Rule { Handle { _ in } }.priority(3).named("rule")
        Phase(.after, [.reversed, .failFast]) { Handle { _ in await Task.yield() } }.timeout(.seconds(1)).limit(3)
    }
    .timeout(.seconds(2), grace: .zero)
    .named("entry")
    OnAny { Handle { _ in await Task.yield() } }.timeout(.seconds(1)).priority(1)
}

private func register(_ plugins: [Plugin], on dispatcher: EventDispatcher) throws -> SubscriptionBag {
    let bag: SubscriptionBag = [
        try dispatcher.subscribe { handlers(plugins, isStrict: true) },
        try dispatcher.subscribe {
            On(Entry.self) {
                Where(\.isPaid)
                Where(!\.isLate)
                Where(\.age, atLeast: 18)
                Where(\.age < 65)
                Where(\.age, in: 18..<65)
                Where(\.age, in: [18, nil])
                Where(\.age, notIn: 30...40)
                Where(\.kind > .guest)
                Where(\.kind, atMost: .member)
                Where(\.note, lessThan: "x")
                Where(\.room, notIn: [1, 2])
                Where(\.room, notIn: 5...)
                Where(isPaid || isFree)
                AnyOf {
                    Where(\.isPaid)
                    Where(\.isPaid && \.isLate)
                }
                Handle { _ in }
            }
        },
    ]
    try dispatcher.on(Entry.self, where: isFine) { _ in }.store(in: bag)
    try dispatcher.on(Entry.self, where: \.isPaid || \.isLate) { _ in }.store(in: bag)
    try dispatcher.on(NamedRequest<String, Int>.self) { request in request.payload.count }.store(in: bag)
    return bag
}

private func end(_ bag: SubscriptionBag, _ dispatcher: EventDispatcher) async throws {
    bag.cancel()
    await bag.cancelAndWait()
    dispatcher.cancelAll()
    let report = try await dispatcher.fire(NamedRequest("count", "text", reply: Int.self))
    print(dispatcher, report.failed, report.timedOut, report.replies, report.outcomes.map(\.result.isTimedOut))
}
