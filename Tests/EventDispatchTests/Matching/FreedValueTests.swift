import EventDispatch
import Testing

/// Values that nobody filters on any more are freed.
@Suite(.timeLimit(.minutes(10))) struct FreedValueTests {
    typealias Captured = WeakCapture.Captured

    private let dispatcher = EventDispatcher()
    private let values = WeakCapture()

    @Test func `a value that a key had to equal is freed`() throws {
        try expectFreed { Filter<Sample<Captured>>(\.value, is: values.make()) }
    }

    @Test func `a value that a key had not to equal is freed`() throws {
        try expectFreed { Filter<Sample<Captured>>(\.value, isNot: values.make()) }
    }

    @Test func `the members of a set are freed`() throws {
        try expectFreed { Filter<Sample<Captured>>(\.value, in: [values.make()]) }
    }

    @Test func `an object that a key had to be is freed`() throws {
        try expectFreed { Filter<Sample<Captured>>(\.value, identicalTo: values.make()) }
    }

    @Test func `an element is freed`() throws {
        try expectFreed { Filter<Sample<[Captured]>>(\.value, contains: values.make()) }
    }

    @Test func `a bound is freed`() throws {
        try expectFreed { Filter<Sample<Captured>>(\.value, atLeast: values.make()) }
        try expectFreed { Filter<Sample<Captured>>(\.value, atMost: values.make()) }
    }

    @Test func `the ends of a range are freed`() throws {
        try expectFreed { Filter<Sample<Captured>>(\.value, in: values.make()...values.make()) }
    }

    @Test func `values beside others are freed`() throws {
        try expectFreed {
            Filter<Couple>(\.number, is: 1) && Filter(\.value, is: values.make())
                && !(Filter(\.value, in: [values.make()]) && Filter(\.number, is: 2))
        }
    }

    @Test func `alternatives are freed`() throws {
        try expectFreed {
            Filter<Couple>(\.number, is: 1) || Filter(\.value, is: values.make())
                || Filter(\.value, in: [values.make(), nil])
        }
    }

    @Test func `a value stays while one of two filters names it`() throws {
        let object = values.make()
        let first = try dispatcher.on(Sample<Captured>.self, where: Filter(\.value, is: object)) { _ in }
        let second = try dispatcher.on(Sample<Captured>.self, where: Filter(\.value, isNot: object)) { _ in }
        first.cancel()
        #expect(try dispatcher.fireSynchronously(Sample(object)).matched == 0)
        second.cancel()
        #expect(try dispatcher.fireSynchronously(Sample(object)).matched == 0)
    }

    @Test func `the value of a used up handler is freed`() throws {
        let filter = {
            Filter<Couple>(\.number, is: 1) && Filter(\.value, isNot: values.make()) || Filter(\.number, is: 2)
        }
        let subscription = try dispatcher.subscribe {
            On(Couple.self) {
                Where(filter())
                Handle { _ in }.once()
            }
        }
        #expect(try dispatcher.fireSynchronously(Couple(number: 2, value: nil)).matched == 1)
        #expect(values.isFreed)
        #expect(!subscription.isActive)
    }

    @Test func `the value of a dead owner's handler is freed`() throws {
        final class Owner: Sendable {}
        var owner: Owner? = Owner()
        let subscription = try dispatcher.on(
            Sample<Captured>.self,
            where: Filter(\.value, is: values.make()),
            weak: #require(owner)
        ) { _, _ in }
        owner = nil
        try dispatcher.fireSynchronously(Ping())
        #expect(values.isFreed)
        subscription.cancel()
    }

    private func expectFreed<Event: MatchableEvent>(
        _ filter: () -> Filter<Event>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws where Event.Reply == Void {
        let subscriptions = SubscriptionBag()
        for _ in 0..<3 { subscriptions.insert(try dispatcher.on(Event.self, where: filter()) { _ in }) }
        #expect(!values.isFreed, sourceLocation: sourceLocation)
        subscriptions.cancel()
        #expect(values.isFreed, sourceLocation: sourceLocation)
    }
}

private struct Couple: MatchableEvent {
    let number: Int
    let value: WeakCapture.Captured?

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let value = Key(\.value)
    }
}
