import EventDispatch

/// The event that the tests of explanations explain.
struct Parcel: MatchableEvent {
    enum Size: Sendable { case small, large }

    var to = "Oslo"
    var size = Size.small
    var weight = 7
    var note: String?
    var tags: [String] = []

    struct MatchKeys: MatchKeySet {
        let to = Key(\.to)
        let size = Key(\.size)
        let weight = Key(\.weight)
        let note = Key(\.note)
        let tags = Key(\.tags)
    }

    static var eventName: String { "Parcel" }
}
