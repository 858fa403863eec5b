import EventDispatch
import Testing

/// Bounds whose `<` is no order, as that of numbers that may be NaN.
@Suite struct OddOrderTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test(arguments: [true, false])
    func aBoundThatIsLevelWithAllCanBeTakenOut(isLower: Bool) throws {
        let sign = isLower ? 1.0 : -1.0
        let comparisons = Tally()
        let odd = Level(.nan, comparisons)
        let taken = try dispatcher.on(Measured.self, where: isLower ? \.level > odd : \.level < odd) { _ in }
        let five = Level(5 * sign)
        let loose = try dispatcher.on(Measured.self, where: isLower ? \.level >= five : \.level <= five) {
            [journal] _ in journal.note("5")
        }
        let three = Level(3 * sign)
        let strict = try dispatcher.on(Measured.self, where: isLower ? \.level > three : \.level < three) {
            [journal] _ in journal.note("3")
        }
        taken.cancel()
        let before = comparisons.value
        for level in [3.0, 4, 5, 6] { try dispatcher.fireSynchronously(Measured(level: Level(level * sign))) }
        #expect(comparisons.value == before)
        #expect(journal.entries == ["3", "5", "3", "5", "3"])
        loose.cancel()
        strict.cancel()
    }
}

private struct Measured: MatchableEvent {
    let level: Level

    struct MatchKeys: MatchKeySet {
        let level = Key(\.level)
    }
}

/// A number that counts how often it is compared.
private struct Level: Comparable, CustomStringConvertible, Sendable {
    private let number: Double
    private let comparisons: Tally

    init(_ number: Double, _ comparisons: Tally = Tally()) {
        self.number = number
        self.comparisons = comparisons
    }

    var description: String { "\(number)" }

    static func == (left: Self, right: Self) -> Bool { compare(left, right) { $0.bitPattern == $1.bitPattern } }
    static func < (left: Self, right: Self) -> Bool { compare(left, right, <) }
    static func > (left: Self, right: Self) -> Bool { compare(left, right, >) }
    static func <= (left: Self, right: Self) -> Bool { compare(left, right, <=) }
    static func >= (left: Self, right: Self) -> Bool { compare(left, right, >=) }

    private static func compare(_ left: Self, _ right: Self, _ compare: (Double, Double) -> Bool) -> Bool {
        left.comparisons.increment()
        right.comparisons.increment()
        return compare(left.number, right.number)
    }
}
