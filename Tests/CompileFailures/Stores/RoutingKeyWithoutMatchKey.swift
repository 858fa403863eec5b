import EventDispatch
import EventDispatchStore

private struct Loaded: StorableEvent {
    static let storedName = "loaded"
    let dock: Int
    let weight: Int

    struct MatchKeys: MatchKeySet { let dock = Key(\.dock) }

    // error: value of type 'Loaded.MatchKeys' has no member 'weight'
    static let routingKeys: [RoutingKey<Self>] = [.init(\.weight)]
}
