import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct BoundMatchingTests {
    @Test func `an event meets only the thresholds that it passes`() throws {
        let numbers = 1_000..<2_000
        try expectEleven(of: Array(numbers), at: 1_010)
        try expectEleven(of: numbers.map { Double($0) / 7 }, at: 1_010.5 / 7)
        try expectEleven(of: numbers.map { .seconds($0) }, at: Duration.seconds(1_010))
        try expectEleven(of: numbers.map { Int128($0) << 70 }, at: 1_010 << 70)
        try expectEleven(of: numbers.map { "\($0)" }, at: "1010")
        let now = ContinuousClock.now
        try expectEleven(of: numbers.map { now + .seconds($0) }, at: now + .seconds(1_010))
    }

    private func expectEleven<Value: Comparable & Sendable>(of thresholds: [Value], at value: Value) throws {
        let dispatcher = EventDispatcher()
        let subscriptions = SubscriptionBag()
        for threshold in thresholds.shuffled() {
            subscriptions.insert(try dispatcher.on(Sample<Value>.self, where: \.value >= threshold) { _ in })
        }
        let explanation = dispatcher.explain(Sample(value))
        #expect(explanation.matched.count == 11)
        #expect(explanation.keys.flatMap(\.tables).map(\.candidates) == [11])
        #expect(explanation.scanned.count == 0)
    }

    @Test func `a bound of a type with an order of its own is asked by every event`() throws {
        let dispatcher = EventDispatcher()
        let subscriptions = SubscriptionBag()
        for number in (0..<100).shuffled() {
            subscriptions.insert(try dispatcher.on(Sample<Weight>.self, where: \.value >= Weight(number)) { _ in })
        }
        let explanation = dispatcher.explain(Sample(Weight(10)))
        #expect(explanation.matched.count == 11)
        #expect(explanation.keys.flatMap(\.tables).isEmpty)
        #expect(explanation.scanned.count == 100)
    }

    @Test(arguments: 1..<5) func `a bound is checked whatever its order said when it was registered`(question: Int)
        throws
    {
        let dispatcher = EventDispatcher()
        let (questions, isRegistered) = (Tally(), Flag())
        let bounds = [
            Moody(number: 0), Moody(number: 1) { questions.increment() == question && !isRegistered.isSet },
        ]
        let subscriptions = SubscriptionBag()
        for bound in bounds {
            subscriptions.insert(try dispatcher.on(Sample<Moody>.self, where: \.value > bound) { _ in })
        }
        isRegistered.set()
        #expect(try dispatcher.fireSynchronously(Sample(Moody(number: 2))).matched == 0)
    }

    @Test func `bounds of every kind stand beside each other`() throws {
        let numbers = (0..<50).map { $0 * 37 % 50 }
        let probe = try FilterProbe<Sample<Int>>(
            numbers.map { \.value > $0 } + numbers.map { \.value >= $0 } + numbers.map { \.value < $0 }
                + numbers.map { \.value <= $0 }
        )
        for value in -1...50 {
            let expected =
                numbers.map { value > $0 } + numbers.map { value >= $0 } + numbers.map { value < $0 }
                + numbers.map { value <= $0 }
            #expect(try probe.reached(by: Sample(value)) == expected.indices.filter { expected[$0] })
        }
        for index in stride(from: 0, to: 200, by: 2) { probe.cancel(index) }
        for value in [-1, 0, 25, 49, 50] {
            #expect(
                try probe.reached(by: Sample(value))
                    == probe.holding(for: Sample(value)).filter { !$0.isMultiple(of: 2) }
            )
        }
    }

    @Test func `ranges of texts follow the order of texts`() throws {
        let probe = try FilterProbe<Sample<String>>([
            Filter(\.value, in: "b"..<"d"), Filter(\.value, in: "b"..."d"), Filter(\.value, in: "c"...), \.value > "c",
            Filter(\.value, in: ..<"c"), \.value <= "c", Filter(\.value, in: "cafe\u{301}"..."caf\u{E9}"),
        ])
        #expect(try probe.reached(by: Sample("b")) == [0, 1, 4, 5])
        #expect(try probe.reached(by: Sample("c")) == [0, 1, 2, 5])
        #expect(try probe.reached(by: Sample("d")) == [1, 2, 3])
        #expect(try probe.reached(by: Sample("caf\u{E9}")) == [0, 1, 2, 3, 6])
        #expect(try probe.reached(by: Sample("a")) == [4, 5])
        #expect(try probe.reached(by: Sample("da")) == [2, 3])
    }

    @Test func `ranges of a type's own order follow it`() throws {
        let probe = try FilterProbe<Sample<Weight>>([
            Filter(\.value, in: Weight(1)..<Weight(3)), Filter(\.value, in: Weight(1)...Weight(3)),
            Filter(\.value, in: Weight(2)...), Filter(\.value, in: ..<Weight(2)), Filter(\.value, in: ...Weight(2)),
            !Filter(\.value, in: Weight(1)...Weight(3)),
        ])
        #expect(try probe.reached(by: Sample(Weight(0))) == [3, 4, 5])
        #expect(try probe.reached(by: Sample(Weight(1))) == [0, 1, 3, 4])
        #expect(try probe.reached(by: Sample(Weight(2))) == [0, 1, 2, 4])
        #expect(try probe.reached(by: Sample(Weight(3))) == [1, 2])
        #expect(try probe.reached(by: Sample(Weight(4))) == [2, 5])
    }

    @Test func `bounds of an order that contradicts itself can be removed`() throws {
        let dispatcher = EventDispatcher()
        let whims = (0..<200).map { Whim(number: $0) }
        for _ in 0..<5 {
            let subscriptions = try whims.map { whim in
                try dispatcher.on(Sample<Whim>.self, where: \.value > whim) { _ in }
            }
            for subscription in subscriptions.shuffled() {
                subscription.cancel()
                try dispatcher.fireSynchronously(Sample(Whim(number: 0)))
            }
            #expect(dispatcher.handlers.isEmpty)
            #expect(try dispatcher.fireSynchronously(Sample(Whim(number: 0))).matched == 0)
        }
    }
}

/// Has an order of its own.
private struct Weight: Comparable {
    let number: Int

    init(_ number: Int) { self.number = number }

    static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// Stands in no order that could be relied on.
private struct Whim: Comparable {
    let number: Int
    private let label = "a text that is not stored in place, so that its memory goes with it"

    init(number: Int) { self.number = number }

    static func == (left: Self, right: Self) -> Bool { left.number == right.number }
    static func < (left: Self, right: Self) -> Bool { Bool.random() }
}

/// Is less than another when one of both feels like it.
private struct Moody: Comparable {
    let number: Int
    private let isLess: @Sendable () -> Bool

    init(number: Int, _ isLess: @escaping @Sendable () -> Bool = { false }) {
        self.number = number
        self.isLess = isLess
    }

    static func == (left: Self, right: Self) -> Bool { left.number == right.number }
    static func < (left: Self, right: Self) -> Bool { left.isLess() || right.isLess() }
}
