import EventDispatch
import EventDispatchFoundation
import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct DateMatchingTests {
    private struct Ticked: MatchableEvent {
        let time: Date

        struct MatchKeys: MatchKeySet {
            let time = Key(\.time)
        }
    }

    @Test func `an event meets only the dates that it passes`() throws {
        let dispatcher = EventDispatcher()
        let subscriptions = SubscriptionBag()
        for number in (0..<1_000).shuffled() {
            let time = Date(timeIntervalSince1970: Double(number))
            subscriptions.insert(try dispatcher.on(Ticked.self, where: \.time >= time) { _ in })
        }
        let explanation = dispatcher.explain(Ticked(time: Date(timeIntervalSince1970: 10)))
        #expect(explanation.matched.count == 11)
        #expect(explanation.keys.flatMap(\.tables).map(\.candidates) == [11])
        #expect(explanation.scanned.count == 0)
    }
}
