import EventDispatch
import ProgramSupport

/// The event of D1 to D8.
struct Signal: MatchableEvent {
    enum Level: Sendable { case low, normal, high }

    let number: Int
    let name: String
    let level: Level

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let name = Key(\.name)
        let level = Key(\.level)
    }
}

extension Signal {
    static func name(_ number: Int) -> String { "n" + String(number, digits: 7) }

    /// Events whose names are drawn from as many as there are given.
    static func drawn(_ count: Int, names: Int, seed: UInt64, number: Int = 0) -> [Signal] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            Signal(number: number, name: name(random.next(below: names)), level: .normal)
        }
    }
}
