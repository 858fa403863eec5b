import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct ValueLookupTests {
    @Test(arguments: [1, 3, 100])
    func `a value is hashed and looked up at most once`(filters: Int) throws {
        var registered: [Filter<Pair>] = (0..<filters).map { \.first == CountedValue($0) }
        registered += (0..<filters).map { \.second == CountedValue($0) && \.first == CountedValue($0) }
        registered += [\.first != CountedValue(1), Filter(\.first, in: [CountedValue(0), CountedValue(7)])]
        registered.append(\.second == CountedValue(0) && Filter(\.first, in: [CountedValue(0), CountedValue(7)]))
        let probe = try FilterProbe(registered)
        let event = Pair(first: CountedValue(0), second: CountedValue(0))
        let reached = try probe.reached(by: event)
        #expect(event.first.hashes.value <= 1)
        #expect(event.second.hashes.value <= 1)
        if filters == 100 {
            #expect(event.first.comparisons.value == 1)
            #expect(event.second.comparisons.value == 1)
        }
        #expect(reached == probe.holding(for: event))
    }

    @Test func `a value that no filter names is looked up once`() throws {
        let probe = try FilterProbe<Pair>((0..<30).map { \.first == CountedValue(1) && \.second != CountedValue($0) })
        let event = Pair(first: CountedValue(1), second: CountedValue(1_000))
        #expect(try probe.reached(by: event) == Array(0..<30))
        #expect(event.second.hashes.value == 1)
        #expect(event.second.comparisons.value == 0)
    }

    @Test func `an element is hashed at most once`() throws {
        let probe = try FilterProbe<Sample<[CountedValue]>>(
            (0..<50).map { Filter(\.value, contains: CountedValue($0)) }
        )
        let event = Sample([CountedValue(3), CountedValue(99), CountedValue(4)])
        #expect(try probe.reached(by: event) == [3, 4])
        #expect(event.value.allSatisfy { $0.hashes.value == 1 })
    }

    @Test(arguments: [2, 40])
    func `values of the same hash do not match each other`(filters: Int) throws {
        let probe = try FilterProbe<Sample<CountedValue>>((0..<filters).map { \.value == CountedValue($0, group: 0) })
        for number in 0..<filters { #expect(try probe.reached(by: Sample(CountedValue(number, group: 0))) == [number]) }
        #expect(try probe.reached(by: Sample(CountedValue(filters, group: 0))).isEmpty)
    }

    @Test func `values that all have the same hash can be removed`() throws {
        let probe = try FilterProbe<Sample<CountedValue>>((0..<60).map { \.value == CountedValue($0 / 2, group: 0) })
        for index in stride(from: 0, to: 60, by: 3) { probe.cancel(index) }
        #expect(probe.count == 40)
        for number in 0..<30 {
            let expected = [2 * number, 2 * number + 1].filter { !$0.isMultiple(of: 3) }
            #expect(try probe.reached(by: Sample(CountedValue(number, group: 0))) == expected)
        }
        for index in 0..<60 { probe.cancel(index) }
        #expect(probe.count == 0)
        #expect(try probe.reached(by: Sample(CountedValue(1, group: 0))).isEmpty)
    }

    @Test func `values that come and go are found`() throws {
        let dispatcher = EventDispatcher()
        var live: [Int: EventSubscription] = [:]
        for step in 0..<4_000 {
            let number = step * 7_919 % 211
            if let subscription = live.removeValue(forKey: number) {
                subscription.cancel()
            } else {
                live[number] = try dispatcher.on(Sample<Int>.self, where: \.value == number) { _ in }
            }
            if step.isMultiple(of: 97) {
                for probed in 0..<211 {
                    #expect(try dispatcher.fireSynchronously(Sample(probed)).matched == (live[probed] == nil ? 0 : 1))
                }
            }
        }
        for subscription in live.values { subscription.cancel() }
    }

    @Test func `equality is the type's own`() throws {
        let probe = try FilterProbe<Sample<Caseless>>([\.value == Caseless("ABC"), \.value != Caseless("abc")])
        #expect(try probe.reached(by: Sample(Caseless("aBc"))) == [0])
        #expect(try probe.reached(by: Sample(Caseless("abd"))) == [1])
    }
}

private struct Pair: MatchableEvent {
    let first: CountedValue
    let second: CountedValue

    struct MatchKeys: MatchKeySet {
        let first = Key(\.first)
        let second = Key(\.second)
    }
}

/// A text that is equal to others whatever the case of their letters.
private struct Caseless: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: Self, right: Self) -> Bool { left.text.lowercased() == right.text.lowercased() }
    func hash(into hasher: inout Hasher) { hasher.combine(text.lowercased()) }
}
