import EventDispatch

/// An event with a name.
struct Named: MatchableEvent {
    let name: String

    struct MatchKeys: MatchKeySet {
        let name = Key(\.name)
    }
}
