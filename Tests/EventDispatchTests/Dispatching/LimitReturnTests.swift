import EventDispatch
import Testing

/// Line 7 of the contract: starts that did not take place are given back, and no more than those.
@Suite(.timeLimit(.minutes(10))) struct LimitReturnTests {
    private struct Claimed: MatchableEvent {
        let name: String
        let number: Int
        var meanwhile: @Sendable () -> Void = {}
        var group: Int {
            meanwhile()
            return number
        }

        struct MatchKeys: MatchKeySet {
            let name = Key(\.name)
            let group = Key(\.group)
        }
    }

    @Test func `a start given back for a forgotten value is not given twice`() throws {
        let dispatcher = EventDispatcher()
        let journal = Journal()
        let subscription = try dispatcher.subscribe {
            On(Claimed.self) {
                Handle { event in journal.note(event.name) }
                    .limit(1, per: \.name, capacity: 1)
                    .limit(1, per: \.group)
            }
        }
        try dispatcher.fireSynchronously(Claimed(name: "a", number: 1))
        let refused = Claimed(name: "b", number: 1) {
            _ = try? dispatcher.fireSynchronously(Claimed(name: "c", number: 2))
        }
        #expect(try dispatcher.fireSynchronously(refused).isUnhandled)
        for number in 3...5 { try dispatcher.fireSynchronously(Claimed(name: "b", number: number)) }
        #expect(journal.entries == ["a", "c", "b"])
        subscription.cancel()
    }
}
