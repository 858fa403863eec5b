import EventDispatch

/// The event that the threads fire.
struct Reading: MatchableEvent {
    enum Phases: EventPhases {
        case early, middle, late
        static var main: Self { .middle }
    }

    var sensor: Int
    var level: Double
    var place: String

    struct MatchKeys: MatchKeySet {
        let sensor = Key(\.sensor)
        let level = Key(\.level)
        let place = Key(\.place)
    }

    /// The event that all pairs match.
    static let common = Reading(sensor: 7, level: 2.5, place: "hall.north")
}
