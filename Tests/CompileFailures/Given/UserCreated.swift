import EventDispatch

/// The README's event, with properties that are no match keys.
struct UserCreated: MatchableEvent {
    enum Role: Sendable { case user, admin }
    let name: String
    let role: Role
    let logins: Int
    let nickname: String?
    let email: String

    struct MatchKeys: MatchKeySet {
        let name = Key(\.name)
        let role = Key(\.role)
        let logins = Key(\.logins)
        let nickname = Key(\.nickname)
    }
}
