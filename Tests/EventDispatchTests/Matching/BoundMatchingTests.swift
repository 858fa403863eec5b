import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct BoundMatchingTests {
    @Test func anEventMeetsOnlyTheThresholdsThatItPasses() throws {
        let thresholds = 3_000
        var random = SystemRandomNumberGenerator()
        let dispatcher = EventDispatcher()
        let subscriptions = SubscriptionBag()
        for number in (0..<thresholds).shuffled(using: &random) {
            subscriptions.insert(try dispatcher.on(Sample<Weight>.self, where: \.value >= Weight(number)) { _ in })
        }
        let event = Sample(Weight(10))
        #expect(try dispatcher.fireSynchronously(event).matched == 11)
        #expect(event.value.comparisons.value < 100)
    }

    @Test func boundsOfEveryKindStandBesideEachOther() throws {
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

    @Test func rangesOfTextsFollowTheOrderOfTexts() throws {
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

    @Test func rangesOfATypesOwnOrderFollowIt() throws {
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

    @Test func boundsOfAnOrderThatContradictsItselfCanBeRemoved() throws {
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

/// Has an order of its own, and counts its comparisons.
private struct Weight: Comparable {
    let number: Int
    let comparisons = Tally()

    init(_ number: Int) { self.number = number }

    static func == (left: Self, right: Self) -> Bool {
        left.comparisons.increment()
        return left.number == right.number
    }

    static func < (left: Self, right: Self) -> Bool {
        left.comparisons.increment()
        right.comparisons.increment()
        return left.number < right.number
    }
}

/// Stands in no order that could be relied on.
private struct Whim: Comparable {
    let number: Int
    private let label = "a text that is not stored in place, so that its memory goes with it"

    init(number: Int) { self.number = number }

    static func == (left: Self, right: Self) -> Bool { left.number == right.number }
    static func < (left: Self, right: Self) -> Bool { Bool.random() }
}
