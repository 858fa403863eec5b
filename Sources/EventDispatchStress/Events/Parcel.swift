import EventDispatch

/// An event some of whose standing handlers have to be awaited.
struct Parcel: MatchableEvent {
    let number: Int
    let seen = Sightings()

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
    }
}
