import EventDispatch

struct UserCreated: MatchableEvent {
    enum Role: Sendable { case user, admin }
    let name: String
    let role: Role
    let logins: Int

    struct MatchKeys: MatchKeySet {
        let name = Key(\.name)
        let role = Key(\.role)
        let logins = Key(\.logins)
    }
}

let dispatcher = EventDispatcher()

let subscription = try dispatcher.subscribe {
    On(UserCreated.self) {
        Phase(.before) {
            Handle("audit") { event in print("audit: \(event.name)") }
        }
        Phase(.during) {
            Where(\.role == .admin)
            Where(\.logins, in: 0..<3)
            Handle("page on-call") { event in print("page: new admin \(event.name)") }.limit(3)
        }
        Handle("welcome") { event in print("welcome, \(event.name)!") }.once()
    }
}

try await dispatcher.fire(UserCreated(name: "bob", role: .user, logins: 0))
let report = try await dispatcher.fire(UserCreated(name: "susan", role: .admin, logins: 0))
print("\(report.matched) handlers matched, \(report.succeeded) succeeded")
subscription.cancel()
