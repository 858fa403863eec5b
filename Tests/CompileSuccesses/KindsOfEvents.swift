import EventDispatch

enum Payment: MatchableEvent {
    case card(amount: Int)
    case transfer(amount: Int, iban: String)

    var amount: Int {
        switch self {
        case .card(let amount), .transfer(let amount, _): amount
        }
    }

    struct MatchKeys: MatchKeySet {
        let amount = Key(\.amount)
    }
}

final class Upload: MatchableEvent {
    let path: String

    init(path: String) { self.path = path }

    struct MatchKeys: MatchKeySet {
        let path = Key(\.path)
    }
}

actor Job: MatchableEvent {
    nonisolated let name: String

    init(name: String) { self.name = name }

    struct MatchKeys: MatchKeySet {
        let name = Key(\.name)
    }
}

struct Changed<Value: Hashable & Sendable>: MatchableEvent {
    let old: Value
    let new: Value?

    struct MatchKeys: MatchKeySet {
        let old = Key(\.old)
        let new = Key(\.new)
    }
}

struct CacheMiss<Key: Hashable & Sendable>: MatchableEvent {
    let key: Key

    struct MatchKeys: MatchKeySet {
        let key = MatchKey<CacheMiss<Key>, Key>(\.key)
    }
}

struct Shutdown: MatchableEvent {
    struct Reply: Sendable { var done = true }
    enum Phases: EventPhases {
        case drain, close
        static var main: Self { .close }
        var isGate: Bool { self == .drain }
    }
}

struct CacheCleared: MatchableEvent {}

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Payment.self) {
            Where(\.amount > 100)
            Handle { payment in if case .card = payment { print(payment.amount) } }
        }
        On(Upload.self) {
            Where(\.path, hasPrefix: "/tmp")
            Handle { upload in print(upload.path) }
        }
        On(Job.self) {
            Where(\.name == "backup")
            Handle { job in print(job.name) }
            Handle(on: Job(name: "other")) { other, job in print(other.name, job.name) }
        }
        On(Changed<Int>.self) {
            Where(\.old == 1)
            Where(\.new, .exists)
            Handle { change in print(change.old) }
        }
        On(Changed<String>.self) {
            Where(\.new != "x")
            Handle { change in print(change.old) }
        }
        On(CacheMiss<String>.self) {
            Where(\.key, hasPrefix: "user.")
            Handle { miss in print(miss.key) }
        }
        On(Shutdown.self) {
            Phase(.drain, [.serial, .failFast]) { Handle { _ in .init() } }
            Handle { _ in Shutdown.Reply(done: false) }
        }
        On(CacheCleared.self) { Handle { _ in } }
    }
}

func fire(on dispatcher: EventDispatcher) async throws -> [Bool] {
    try await dispatcher.fire(Payment.card(amount: 3))
    try await dispatcher.fire(Upload(path: "/tmp"))
    try await dispatcher.fire(Job(name: "backup"))
    try await dispatcher.fire(Changed(old: 1, new: 2))
    return try await dispatcher.fire(Shutdown()).replies.map(\.done)
}
