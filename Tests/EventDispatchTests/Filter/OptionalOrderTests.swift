import EventDispatch
import Testing

/// Comparisons and ranges on optional keys: nil is in none of them.
@Suite(.timeLimit(.minutes(10))) struct OptionalOrderTests {
    private let ages: [Int?] = [nil, 17, 18, 19, 20, 21]

    private func ages(that filter: Filter<Sample<Int?>>) throws -> [Int?] {
        let probe = try FilterProbe([filter])
        return try ages.filter { age in
            let isReached = try probe.reached(by: Sample(age)) == [0]
            #expect(isReached == filter.matches(Sample(age)), "\(filter) of \(String(describing: age))")
            return isReached
        }
    }

    @Test func `nil is in no order`() throws {
        #expect(try ages(that: \.value < 19) == [17, 18])
        #expect(try ages(that: \.value <= 19) == [17, 18, 19])
        #expect(try ages(that: \.value > 19) == [20, 21])
        #expect(try ages(that: \.value >= 19) == [19, 20, 21])
    }

    @Test func `labels say the same as operators`() throws {
        #expect(try ages(that: Filter(\.value, lessThan: 19)) == [17, 18])
        #expect(try ages(that: Filter(\.value, atMost: 19)) == [17, 18, 19])
        #expect(try ages(that: Filter(\.value, greaterThan: 19)) == [20, 21])
        #expect(try ages(that: Filter(\.value, atLeast: 19)) == [19, 20, 21])
    }

    @Test func `nil is in no range`() throws {
        #expect(try ages(that: Filter(\.value, in: 18..<20)) == [18, 19])
        #expect(try ages(that: Filter(\.value, in: 18...20)) == [18, 19, 20])
        #expect(try ages(that: Filter(\.value, in: 20...)) == [20, 21])
        #expect(try ages(that: Filter(\.value, in: ..<18)) == [17])
        #expect(try ages(that: Filter(\.value, in: ...18)) == [17, 18])
    }

    @Test func `a negation holds for nil`() throws {
        #expect(try ages(that: Filter(not: \.value >= 18)) == [nil, 17])
        #expect(try ages(that: !(\.value < 18)) == [nil, 18, 19, 20, 21])
        #expect(try ages(that: Filter(\.value, notIn: 18...20)) == [nil, 17, 21])
        #expect(try ages(that: Filter(\.value, notIn: 18...)) == [nil, 17])
    }

    @Test func `sets of an optional key may hold nil`() throws {
        #expect(try ages(that: Filter(\.value, in: [18, nil])) == [nil, 18])
        #expect(try ages(that: Filter(\.value, notIn: [18, nil])) == [17, 19, 20, 21])
        #expect(try ages(that: Filter(\.value, notIn: [18])) == [nil, 17, 19, 20, 21])
    }

    @Test func `NaN is in no order either`() throws {
        let probe = try FilterProbe<Sample<Double?>>([
            \.value < 1, \.value >= 1, Filter(\.value, in: 0..<2), Filter(\.value, notIn: 0..<2),
        ])
        #expect(try probe.reached(by: Sample(.nan)) == [3])
        #expect(try probe.reached(by: Sample(nil)) == [3])
        #expect(try probe.reached(by: Sample(1.5)) == [1, 2])
    }

    @Test func `they print as they were written`() {
        let filters: [Filter<Sample<Int?>>] = [
            \.value >= 18, Filter(\.value, lessThan: 3), !(\.value > 4), Filter(\.value, in: 3..<5),
            Filter(\.value, notIn: 3...5),
        ]
        #expect(
            filters.map(\.description) == [
                #"\.value >= 18"#, #"\.value < 3"#, #"!(\.value > 4)"#, #"\.value in 3..<5"#, #"\.value not in 3...5"#,
            ]
        )
    }

    @Test func `they are found by the index as others are`() throws {
        try expectEleven(of: Array(1_000..<2_000), at: 1_010, nil)
        try expectEleven(of: (1_000..<2_000).map { Double($0) / 7 }, at: 1_010.5 / 7, nil)
        try expectEleven(of: (1_000..<2_000).map { .seconds($0) }, at: Duration.seconds(1_010), nil)
        try expectEleven(of: (1_000..<2_000).map { "\($0)" }, at: "1010", nil)
    }

    private func expectEleven<Value: Comparable & Sendable>(of thresholds: [Value], at value: Value, _ none: Value?)
        throws
    {
        let dispatcher = EventDispatcher()
        let bag = SubscriptionBag()
        for threshold in thresholds.shuffled() {
            try dispatcher.on(Sample<Value?>.self, where: \.value >= threshold) { _ in }.store(in: bag)
        }
        let explanation = dispatcher.explain(Sample<Value?>(value))
        #expect(explanation.matched.count == 11)
        #expect(explanation.keys.flatMap(\.tables).map(\.candidates) == [11])
        #expect(explanation.scanned.count == 0)
        let ofNil = dispatcher.explain(Sample<Value?>(none))
        #expect(ofNil.matched.isEmpty)
        #expect(ofNil.keys.flatMap(\.tables).map(\.candidates) == [0])
    }

    @Test func `ranges are found by the index as others are`() throws {
        let dispatcher = EventDispatcher()
        let bag = SubscriptionBag()
        for start in (0..<1_000).shuffled() {
            try dispatcher.on(Sample<Int?>.self, where: Filter(\.value, in: start..<start + 5)) { _ in }.store(in: bag)
        }
        let explanation = dispatcher.explain(Sample<Int?>(500))
        #expect(explanation.matched.count == 5)
        #expect(explanation.scanned.count == 0)
        #expect(explanation.keys.flatMap(\.tables).map(\.candidates) == [5])
        #expect(dispatcher.explain(Sample<Int?>(nil)).keys.flatMap(\.tables).map(\.candidates) == [0])
    }

    @Test func `what can't be is refused`() {
        func code(_ filters: Filter<Sample<Int?>>...) -> DispatchError.Code? {
            let dispatcher = EventDispatcher()
            return refusal { () throws(DispatchError) in
                try dispatcher.subscribe {
                    On(Sample<Int?>.self) {
                        for filter in filters { Rule { Where(filter) }; Where(filter) }
                        Handle { _ in }
                    }
                }
            }?.code
        }
        #expect(code(Filter(\.value, in: 3..<3)) == .neverMatches)
        #expect(code(\.value < 3, \.value > 4) == .neverMatches)
        #expect(code(\.value < 3, \.value == nil) == .neverMatches)
        #expect(code(\.value < 3, \.value == 5) == .neverMatches)
        #expect(code(Filter(\.value, in: 3..<5), Filter(\.value, in: [7, nil])) == .neverMatches)
        #expect(code(Filter(\.value, notIn: 3..<5), \.value == nil) == nil)
        #expect(code(\.value < 3, \.value == 2) == nil)
    }

    @Test func `a bound that is not a number is refused`() {
        let dispatcher = EventDispatcher()
        let error = refusal { () throws(DispatchError) in
            try dispatcher.on(Sample<Double?>.self, where: \.value < .nan) { _ in }
        }
        #expect(error?.code == .notANumber)
    }

    @Test func `a type with an order of its own is asked`() throws {
        let probe = try FilterProbe<Sample<Size?>>([
            \.value < Size(5), \.value >= Size(5), Filter(\.value, in: Size(1)..<Size(9)),
        ])
        #expect(try probe.reached(by: Sample(Size(4))) == [0, 2])
        #expect(try probe.reached(by: Sample(Size(9))) == [1])
        #expect(try probe.reached(by: Sample(nil)).isEmpty)
    }
}

private struct Size: Comparable, Sendable {
    let number: Int
    init(_ number: Int) { self.number = number }
    static func < (left: Size, right: Size) -> Bool { left.number < right.number }
}
