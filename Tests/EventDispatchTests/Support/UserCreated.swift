import EventDispatch

/// The event that most tests fire.
struct UserCreated: MatchableEvent {
    enum Role: Sendable { case user, admin, guest }

    var name = "susan"
    var role = Role.user
    var logins = 0

    struct MatchKeys: MatchKeySet {
        let name = Key(\.name)
        let role = Key(\.role)
        let logins = Key(\.logins)
    }
}
