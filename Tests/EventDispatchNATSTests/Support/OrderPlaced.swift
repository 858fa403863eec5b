#if NATS
    import EventDispatch
    import EventDispatchStore

    struct OrderPlaced: StorableEvent {
        static let storedName = "shop.order placed"
        let id: Int
        var region = "eu.west"

        struct MatchKeys: MatchKeySet {
            let region = Key(\.region)
        }

        static let routingKeys: [RoutingKey<Self>] = [.init(\.region)]
    }
#endif
