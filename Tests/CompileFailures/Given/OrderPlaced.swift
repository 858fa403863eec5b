import EventDispatch

struct OrderPlaced: MatchableEvent {
    let total: Int

    struct MatchKeys: MatchKeySet {
        let total = Key(\.total)
    }
}
