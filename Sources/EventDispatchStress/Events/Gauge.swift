import EventDispatch
import Synchronization

/// An event of which handlers with modifiers are told.
struct Gauge: ModifiedEvent {
    static let numbers = 16

    let number: Int
    let attempts = Attempts()

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
    }

    /// How often the handler was called that fails the first time.
    final class Attempts: Sendable {
        private let count = Atomic(0)
        private let life = Life(of: .event)

        func next() -> Int { count.add(1, ordering: .relaxed).newValue }

        var value: Int { count.load(ordering: .relaxed) }
    }
}

/// What the handlers around all phases are for.
protocol ModifiedEvent: MatchableEvent {}
