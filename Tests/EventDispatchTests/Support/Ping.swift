import EventDispatch

/// The event that tests fire for which any would do.
struct Ping: MatchableEvent {
    var count = 0

    struct MatchKeys: MatchKeySet {
        let count = Key(\.count)
    }
}
