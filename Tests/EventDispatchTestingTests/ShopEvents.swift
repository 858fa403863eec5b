import EventDispatch

struct UserCreated: MatchableEvent, CustomStringConvertible {
    enum Role: Sendable { case user, admin }
    var name = "susan"
    var role = Role.user
    var logins = 0

    struct MatchKeys: MatchKeySet {
        let name = Key(\.name)
        let role = Key(\.role)
        let logins = Key(\.logins)
    }

    static var eventName: String { "shop.user.created" }
    var description: String { "UserCreated(\(name))" }
}

struct OrderPlaced: MatchableEvent, CustomStringConvertible {
    var total = 1
    static var eventName: String { "shop.order.placed" }
    var description: String { "OrderPlaced(\(total))" }
}
