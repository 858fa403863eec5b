import EventDispatch

/// An event whose handlers fire another.
struct Wrapped: MatchableEvent {
    let content: Tick
    let isAwaited: Bool

    struct MatchKeys: MatchKeySet {
        let isAwaited = Key(\.isAwaited)
    }
}
