import EventDispatch
import Foundation
import TestSupport
import Testing

/// Types of event whose names do something when they are asked for.
@Suite(.timeLimit(.minutes(10))) struct ActingNameTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    @Test func `a type is asked for its name once however many handlers make it known`() throws {
        struct First: MatchableEvent {
            static let asked = Tally()
            static var eventName: String {
                asked.increment()
                return "first"
            }
        }
        struct Second: MatchableEvent {
            static let asked = Tally()
            static var eventName: String {
                asked.increment()
                return "second"
            }
        }
        try subscribe { On(Second.self) { Handle { _ in } } }
        try subscribe {
            for _ in 0..<3 { OnAny(named: "*") { _ in } }
        }
        try subscribe { On(First.self) { for _ in 0..<50 { Handle { _ in } } } }
        #expect(First.asked.value == 1)
        #expect(Second.asked.value == 1)
        #expect(try dispatcher.fireSynchronously(First()).matched == 53)
        #expect(try dispatcher.fireSynchronously(Second()).matched == 4)
    }

    @Test func `a name may fire another event`() throws {
        enum Tag {}
        Acting<Tag>.act { [dispatcher] in _ = try? dispatcher.fireSynchronously(CartEmptied()) }
        try subscribe { OnAny(named: "**") { event in journal.note("\(type(of: event))") } }
        try dispatcher.fireSynchronously(Acting<Tag>())
        #expect(journal.entries == ["CartEmptied", "Acting<Tag>"])
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(journal.entries == ["CartEmptied", "Acting<Tag>", "CartEmptied"])
    }

    @Test func `a name may fire its own event`() throws {
        enum Tag {}
        Acting<Tag>.act { [dispatcher, journal] in
            let report = try? dispatcher.fireSynchronously(Acting<Tag>())
            journal.note("\(report?.matched ?? -1) matched inside")
        }
        try subscribe { OnAny(named: "**") { event in journal.note("\(type(of: event))") } }
        try dispatcher.fireSynchronously(Acting<Tag>())
        #expect(journal.entries == ["Acting<Tag>", "1 matched inside", "Acting<Tag>"])
    }

    @Test func `a name may subscribe also to its own event`() throws {
        enum Tag {}
        Acting<Tag>.act { [dispatcher, bag, journal] in
            if let subscription = try? dispatcher.on(CartEmptied.self, { _ in journal.note("other inside") }) {
                bag.insert(subscription)
            }
            if let subscription = try? dispatcher.on(Acting<Tag>.self, { _ in journal.note("own inside") }) {
                bag.insert(subscription)
            }
        }
        try subscribe { OnAny(named: "**") { event in journal.note("\(type(of: event))") } }
        try dispatcher.fireSynchronously(Acting<Tag>())
        try dispatcher.fireSynchronously(Acting<Tag>())
        #expect(journal.entries.suffix(2) == ["Acting<Tag>", "own inside"])
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(journal.entries.suffix(2) == ["CartEmptied", "other inside"])
    }

    @Test func `a name may be asked for by a registration and subscribe`() throws {
        enum Tag {}
        Acting<Tag>.act { [dispatcher, bag, journal] in
            if let subscription = try? dispatcher.on(Acting<Tag>.self, { _ in journal.note("inside") }) {
                bag.insert(subscription)
            }
        }
        try subscribe { OnAny(named: "**") { event in journal.note("\(type(of: event))") } }
        try subscribe { On(Acting<Tag>.self) { Handle { _ in journal.note("outside") } } }
        try dispatcher.fireSynchronously(Acting<Tag>())
        #expect(journal.entries == ["Acting<Tag>", "inside", "outside"])
    }

    @Test func `names that fire events do not wait for each other`() async throws {
        enum First {}
        enum Second {}
        try await expectThatNamesDoNotWait(Acting<First>(), Acting<Second>(), isSecondEarlier: false)
    }

    @Test func `names that fire events do not wait for each other in the other order`() async throws {
        enum First {}
        enum Second {}
        try await expectThatNamesDoNotWait(Acting<First>(), Acting<Second>(), isSecondEarlier: true)
    }

    private func expectThatNamesDoNotWait<First, Second>(
        _ first: Acting<First>,
        _ second: Acting<Second>,
        isSecondEarlier: Bool
    ) async throws {
        let inside = Tally()
        // Gives the other thread a tenth of a second to come inside of the other name.
        let meet: @Sendable () -> Void = {
            inside.increment()
            let end = ContinuousClock.now + .milliseconds(100)
            while inside.value < 2, ContinuousClock.now < end { sched_yield() }
        }
        Acting<First>.act { [dispatcher] in
            meet()
            _ = try? dispatcher.fireSynchronously(CartEmptied())
        }
        Acting<Second>.act { [dispatcher] in
            meet()
            _ = try? dispatcher.fireSynchronously(OrderDeleted())
        }
        try subscribe {
            OnAny(named: "**") { event in journal.note("1 \(type(of: event))") }
            OnAny(named: "**") { event in journal.note("2 \(type(of: event))") }
        }
        let fires: [@Sendable () -> Void] = [
            { [dispatcher] in _ = try? dispatcher.fireSynchronously(first) },
            { [dispatcher] in _ = try? dispatcher.fireSynchronously(second) },
        ]
        let isOver = await ends {
            async let earlier: Void = onThread { fires[isSecondEarlier ? 1 : 0]() }
            _ = await comesTrue { inside.value == 1 }
            async let later: Void = onThread { fires[isSecondEarlier ? 0 : 1]() }
            _ = await (earlier, later)
        }
        try #require(isOver)
        #expect(Set(journal.entries).count == 8)
        #expect(journal.entries.count == 8)
    }

    /// An event whose name does something the first time that it is asked for. Names are kept for as long as the program runs, so each
    /// test has a tag of its own.
    private struct Acting<Tag>: MatchableEvent {
        static func act(_ action: @escaping @Sendable () -> Void) {
            actions.withLock { $0[ObjectIdentifier(Self.self)] = action }
        }

        static var eventName: String {
            actions.withLock { $0.removeValue(forKey: ObjectIdentifier(Self.self)) }?()
            return "acting"
        }
    }
}

private let actions = Locked<[ObjectIdentifier: @Sendable () -> Void]>([:])
