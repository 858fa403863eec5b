import EventDispatch
import EventDispatchTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct MatchOracleTests {
    private struct Song: MatchableEvent {
        var plays = 0

        struct MatchKeys: MatchKeySet {
            let plays = Key(\.plays)
        }
    }

    private var oracle = MatchOracle<Song>()

    @Test mutating func `a handler is reached when its filter holds`() {
        oracle.add(1, where: \.plays > 3)
        oracle.add(2, where: \.plays > 5)
        oracle.add(3)
        #expect(oracle.matches(Song(plays: 4)) == [1, 3])
        #expect(oracle.matches(Song(plays: 0)) == [3])
    }

    @Test mutating func `handlers come by phase then priority then registration`() {
        oracle.add(1)
        oracle.add(2, during: .after, priority: 9)
        oracle.add(3, priority: 5)
        oracle.add(4, during: .before, priority: -9)
        oracle.add(5, priority: -1)
        oracle.add(6)
        #expect(oracle.matches(Song()) == [4, 3, 1, 6, 5, 2])
    }

    @Test mutating func `reversed handlers come after the others from the last to the first`() {
        oracle.add(1, isReversed: true)
        oracle.add(2)
        oracle.add(3, isReversed: true)
        oracle.add(4, priority: 1, isReversed: true)
        oracle.add(5)
        #expect(oracle.matches(Song()) == [4, 2, 5, 3, 1])
    }

    @Test mutating func `removed handlers are not reached`() {
        oracle.add(1)
        oracle.add(2)
        oracle.add(1, during: .before)
        oracle.remove(1)
        #expect(oracle.matches(Song()) == [2])
        #expect(oracle.count == 1)
    }
}
