import EventDispatch

/// A family of events behind a protocol.
protocol AuditEvent: MatchableEvent {
    var userID: Int { get }
}

struct SignedIn: AuditEvent {
    var userID = 1
}

struct OrderCreated: AuditEvent {
    var userID = 2
    static var eventName: String { "shop.order.created" }
}

struct OrderDeleted: MatchableEvent {
    static var eventName: String { "shop.order.deleted" }
}

struct CartEmptied: MatchableEvent {
    static var eventName: String { "shop.cart" }
}

struct PriceRequested: MatchableEvent {
    typealias Reply = Int
    enum Phases: EventPhases {
        case collect, decide, publish
        static var main: Self { .decide }
    }
}
