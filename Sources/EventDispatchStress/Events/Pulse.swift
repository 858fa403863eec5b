import EventDispatch

/// The event of the soak.
struct Pulse: MatchableEvent {
    static let numbers = 5_000

    let number: Int
    let name: String

    init(_ number: Int) {
        self.number = number
        name = "pulse.\(number % 10)"
    }

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let name = Key(\.name)
    }
}
