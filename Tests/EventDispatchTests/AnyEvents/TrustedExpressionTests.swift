import EventDispatch
import Foundation
import RegexBuilder
import TestSupport
import Testing

/// Types of event that are selected by regular expressions, which may call anybody's code.
@Suite(.timeLimit(.minutes(10))) struct TrustedExpressionTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    @Test func aTrustedExpressionMatchesWholeNames() throws {
        try subscribe {
            OnAny(matchingTrusted: /shop\.order\.(.+)/) { event in journal.note("\(type(of: event))") }
            OnAny(matchingTrusted: /order/) { _ in journal.note("a part") }
        }
        try dispatcher.fireSynchronously(OrderCreated())
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(journal.entries == ["OrderCreated"])
    }

    @Test func aTypeIsJudgedOnceHoweverManyHandlersMakeItKnown() throws {
        let judgements = Tally()
        try subscribe {
            for _ in 0..<3 { OnAny(matchingTrusted: Regex { Counting(judgements) }) { _ in } }
        }
        try subscribe {
            On(SignedIn.self) { for _ in 0..<50 { Handle { _ in } } }
            On(CartEmptied.self) { Handle { _ in } }
        }
        #expect(judgements.value == 3 * 2)
        #expect(try dispatcher.fireSynchronously(SignedIn()).matched == 53)
    }

    @Test func anExpressionMayFireAnEventWhileItMatches() throws {
        let nosy = Nosy { [dispatcher] in try dispatcher.fireSynchronously(CartEmptied()) }
        try subscribe {
            OnAny(matchingTrusted: Regex { nosy }) { event in journal.note("\(type(of: event))") }
        }
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries == ["CartEmptied", "SignedIn"])
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(journal.entries == ["CartEmptied", "SignedIn", "CartEmptied"])
    }

    @Test func anEventFiredWhileItsOwnNameIsMatchedIsMissedAndLaterOnesAreNot() throws {
        let nosy = Nosy { [dispatcher, journal] in
            journal.note("\(try dispatcher.fireSynchronously(SignedIn()).matched) matched inside")
        }
        try subscribe {
            OnAny(matchingTrusted: Regex { nosy }) { event in journal.note("\(type(of: event))") }
        }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries == ["0 matched inside", "SignedIn", "SignedIn"])
    }

    @Test func anExpressionMaySubscribeToOtherEventsThanTheOneItMatches() throws {
        let nosy = Nosy { [dispatcher, bag, journal] in
            bag.insert(try dispatcher.on(CartEmptied.self) { _ in journal.note("subscribed inside") })
            let error = #expect(throws: DispatchError.self) { try dispatcher.on(SignedIn.self) { _ in }.cancel() }
            journal.note("\(error?.code.description ?? "")")
        }
        try subscribe { OnAny(matchingTrusted: Regex { nosy }) { event in journal.note("\(type(of: event))") } }
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries == ["registeringWhileRegistering", "SignedIn"])
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(Set(journal.entries.suffix(2)) == ["CartEmptied", "subscribed inside"])
    }

    @Test(arguments: [false, true])
    func expressionsThatFireEventsDoNotWaitForEachOther(isSecondEarlier: Bool) async throws {
        let inside = Tally()
        // Gives the other thread a tenth of a second to come inside of the other expression.
        let meet: @Sendable () -> Void = {
            inside.increment()
            let end = ContinuousClock.now + .milliseconds(100)
            while inside.value < 2, ContinuousClock.now < end { sched_yield() }
        }
        let first = Nosy(at: SignedIn.eventName) { [dispatcher] in
            meet()
            try dispatcher.fireSynchronously(CartEmptied())
        }
        let second = Nosy(at: OrderCreated.eventName) { [dispatcher] in
            meet()
            try dispatcher.fireSynchronously(OrderDeleted())
        }
        try subscribe {
            OnAny(matchingTrusted: Regex { first }) { event in journal.note("1 \(type(of: event))") }
            OnAny(matchingTrusted: Regex { second }) { event in journal.note("2 \(type(of: event))") }
        }
        let events: [any AuditEvent] = isSecondEarlier ? [OrderCreated(), SignedIn()] : [SignedIn(), OrderCreated()]
        let isOver = await ends { [dispatcher] in
            async let earlier: Void = onThread { try? dispatcher.fireAny(events[0]) }
            _ = await comesTrue { inside.value == 1 }
            async let later: Void = onThread { try? dispatcher.fireAny(events[1]) }
            _ = await (earlier, later)
        }
        try #require(isOver)
        #expect(Set(journal.entries).count == 8)
        #expect(journal.entries.count == 8)
    }

    /// A part of an expression that matches all there is, and counts how often it is asked.
    private struct Counting: CustomConsumingRegexComponent, Sendable {
        typealias RegexOutput = Substring

        private let questions: Tally

        init(_ questions: Tally) { self.questions = questions }

        func consuming(
            _ input: String,
            startingAt index: String.Index,
            in bounds: Range<String.Index>
        ) -> (upperBound: String.Index, output: Substring)? {
            questions.increment()
            return (bounds.upperBound, input[bounds])
        }
    }

    /// A part of an expression that matches all there is, and does something the first time that it is asked, or asked about a name.
    private struct Nosy: CustomConsumingRegexComponent, Sendable {
        typealias RegexOutput = Substring

        private let wasAsked = Flag()
        private let name: String?
        private let act: @Sendable () throws -> Void

        init(at name: String? = nil, _ act: @escaping @Sendable () throws -> Void) {
            self.name = name
            self.act = act
        }

        func consuming(
            _ input: String,
            startingAt index: String.Index,
            in bounds: Range<String.Index>
        ) throws -> (upperBound: String.Index, output: Substring)? {
            if !wasAsked.isSet, name.map({ input == $0 }) ?? true {
                wasAsked.set()
                try act()
            }
            return (bounds.upperBound, input[bounds])
        }
    }
}

extension EventDispatcher {
    fileprivate func fireAny<Event: MatchableEvent>(_ event: Event) throws { try fireSynchronously(event) }
}
