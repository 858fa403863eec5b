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

    @Test(arguments: [[1, .nan, 5], [.nan, 5, 1], [5, .nan, 1], [1, 5, .nan], [.nan, 1, 5], [5, 1, .nan]])
    func aBoundThatIsLevelWithAllHidesNoOther(bounds: [Double]) throws {
        let filters: [Filter<Measured>] = bounds.flatMap { [\.level > Level($0), \.level >= Level($0)] }
        let subscriptions = try filters.map { filter in
            try dispatcher.on(Measured.self, where: filter) { [journal] _ in journal.note("\(filter)") }
        }
        for number in [0.0, 1, 3, 5, 7] {
            let event = Measured(level: Level(number))
            let before = journal.entries.count
            try dispatcher.fireSynchronously(event)
            let matched = journal.entries.dropFirst(before).filter { !$0.hasSuffix("nan") }
            #expect(matched == filters.filter { $0.matches(event) }.map { "\($0)" }, "\(number)")
        }
        for subscription in subscriptions { subscription.cancel() }
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
