import EventDispatch

/// The event that most fires are of. Its standing handlers run in place.
struct Tick: MatchableEvent {
    enum Phases: EventPhases {
        case early, middle, late
        static var main: Self { .middle }
    }

    static let numbers = 64

    let worker: Int
    let number: Int
    let isPosted: Bool
    let name: String
    let seen = Sightings()

    init(worker: Int, number: Int, isPosted: Bool = false) {
        self.worker = worker
        self.number = number
        self.isPosted = isPosted
        name = Self.names[number % Self.numbers]
    }

    private static let names = (0..<numbers).map { "area.\($0 % 4).\($0 % 2 == 0 ? "even" : "odd")" }

    struct MatchKeys: MatchKeySet {
        let worker = Key(\.worker)
        let number = Key(\.number)
        let name = Key(\.name)
    }
}
