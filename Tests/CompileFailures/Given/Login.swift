import EventDispatch

/// An event with flags and optional keys.
struct Login: MatchableEvent {
    enum Method: Sendable { case password, token }

    let isAdmin: Bool
    let isNew: Bool
    let tries: Int
    let age: Int?
    let method: Method?

    struct MatchKeys: MatchKeySet {
        let isAdmin = Key(\.isAdmin)
        let isNew = Key(\.isNew)
        let tries = Key(\.tries)
        let age = Key(\.age)
        let method = Key(\.method)
    }
}
