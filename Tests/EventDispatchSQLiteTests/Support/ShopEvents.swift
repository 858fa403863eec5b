#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation
    import TestSupport

    struct OrderPlaced: StorableEvent, Hashable {
        static let storedName = "shop.order.placed"
        let id: Int
        var region = "eu"

        struct MatchKeys: MatchKeySet {
            let id = Key(\.id)
            let region = Key(\.region)
        }

        static let routingKeys: [RoutingKey<Self>] = [.init(\.region)]
    }

    /// The IDs of the orders that handlers have seen, in their order.
    final class Seen: Sendable {
        private let ids = Locked<[Int]>([])

        var all: [Int] { ids.withLock { $0 } }

        func add(_ id: Int) { ids.withLock { $0.append(id) } }
    }

    extension EventStore {
        /// A subscription that notes what it sees.
        func collect(
            _ name: String = "billing",
            from start: StartingPoint = .beginning,
            into seen: Seen
        ) async throws -> DurableSubscription {
            try await subscribe(name, from: start) { On(OrderPlaced.self) { Handle { order in seen.add(order.id) } } }
        }
    }
#endif
