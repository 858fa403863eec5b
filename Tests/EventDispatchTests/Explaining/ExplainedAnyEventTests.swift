import EventDispatch
import Testing

/// What an explanation says of handlers of any event.
@Suite(.timeLimit(.minutes(10))) struct ExplainedAnyEventTests {
    private class Parade: AuditEvent, @unchecked Sendable {
        var userID: Int { 3 }
    }

    private final class FestiveParade: Parade, Festive, @unchecked Sendable {
        typealias Mood = Int
    }

    private let dispatcher = EventDispatcher()
    private let bag = SubscriptionBag()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    @Test func `a handler without a filter has none`() throws {
        try subscribe {
            OnAny { _ in }
            OnAny(named: "shop.**") { _ in }
            OnAny(conformingTo: (any AuditEvent).self) { _ in }
            OnAny(conformingTo: (any AuditEvent).self, named: "shop.order.*") { _ in }
        }
        let explanation = dispatcher.explain(OrderCreated())
        #expect(explanation.handlers == 4)
        #expect(explanation.matched.map(\.filter) == [nil, nil, nil, nil])
        #expect(explanation.unfiltered == 4)
        #expect(explanation.scanned.count == 0)
        #expect(!"\(explanation)".contains("{ … }"))
    }

    @Test func `the conditions of a block are told as they were written`() throws {
        try subscribe {
            OnAny(named: "shop.**") {
                Where(\.eventName, matches: "shop.order.*")
                Handle("orders") { _ in }
                Rule {
                    Where { _ in false }
                    Handle("closure") { _ in }
                }
            }
            OnAny(conformingTo: (any AuditEvent).self) {
                Where(\.eventName, matches: "shop.cart.**")
                Handle("carts") { _ in }
            }
        }
        let explanation = dispatcher.explain(OrderCreated())
        #expect(explanation.matched.map(\.filter) == [#"\.eventName matches "shop.order.*""#])
        #expect(explanation.obstacles.map(\.condition) == ["{ … }", #"\.eventName matches "shop.cart.**""#])
        #expect(explanation.obstacles.map(\.value) == [nil, #""shop.order.created""#])
        #expect(
            explanation.scanned.examples.map(\.filter) == [
                #"\.eventName matches "shop.order.*""#, #"\.eventName matches "shop.order.*" && { … }"#,
                #"\.eventName matches "shop.cart.**""#,
            ]
        )
    }

    @Test func `equal conditions of different blocks are told of each handler`() throws {
        for _ in 0..<3 {
            try subscribe {
                OnAny {
                    Where(\.eventName, hasPrefix: "zoo")
                    Handle { _ in }
                }
            }
        }
        let obstacles = dispatcher.explain(SignedIn()).obstacles
        #expect(obstacles.map(\.handlers) == [3])
        #expect(obstacles.map(\.condition) == [#"\.eventName.hasPrefix("zoo")"#])
    }

    @Test func `an event that is not of the type is told so`() throws {
        try subscribe {
            OnAny(conformingTo: (any Festive<Int>).self) {
                Where(\.eventName, matches: "**")
                Handle("festive") { _ in }
            }
            OnAny { _ in }
        }
        let obstacles = dispatcher.explain(Parade()).obstacles
        #expect(obstacles.map(\.condition) == ["event is \((any Festive<Int>).self)"])
        #expect(
            dispatcher.explain(FestiveParade() as Parade).matched.map(\.filter) == [#"\.eventName matches "**""#, nil]
        )
    }

    @Test func `one subscription's handlers are explained too`() throws {
        let subscription = try dispatcher.subscribe {
            OnAny(named: "shop.**") {
                Where(\.eventName, hasSuffix: ".deleted")
                Handle("deleted") { _ in }
            }
        }
        let explanation = dispatcher.explain(OrderCreated(), subscription)
        #expect(explanation.obstacles.map(\.condition) == [#"\.eventName.hasSuffix(".deleted")"#])
        #expect(explanation.fewestFailures == 1)
        #expect(dispatcher.explain(OrderDeleted(), subscription).matched.count == 1)
        subscription.cancel()
    }
}

/// A protocol with a parameter, which only an event can be asked for.
private protocol Festive<Mood>: MatchableEvent {
    associatedtype Mood
}
