import EventDispatch

struct Ping: MatchableEvent {
    let count: Int

    struct MatchKeys: MatchKeySet {
        let count = Key(\.count)
    }
}
