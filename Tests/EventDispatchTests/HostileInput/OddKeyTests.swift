import EventDispatch
import Testing

/// Limits per key, by values whose `==` is not what it should be.
@Suite(.timeLimit(.minutes(10))) struct OddKeyTests {
    private let dispatcher = EventDispatcher()
    private let starts = Tally()

    /// Equal or not as it comes.
    private struct Fickle: Hashable {
        let number: Int

        static func == (left: Self, right: Self) -> Bool { Bool.random() }
        func hash(into hasher: inout Hasher) { hasher.combine(number & 1) }
    }

    @Test func `a key that contradicts itself breaks nothing`() throws {
        let subscription = try dispatcher.subscribe {
            On(Sample<Fickle>.self) { Handle { _ in starts.increment() }.limit(1, per: \.value, capacity: 64) }
        }
        for number in 0..<5_000 { try dispatcher.fireSynchronously(Sample(Fickle(number: number))) }
        #expect(starts.value > 0)
        subscription.cancel()
    }

    @Test func `a key that does not equal itself is a new one each time and is not kept`() throws {
        let subscription = try dispatcher.subscribe {
            On(Sample<Double>.self) { Handle { _ in starts.increment() }.limit(1, per: \.value, capacity: 4) }
        }
        for _ in 0..<2 { try dispatcher.fireSynchronously(Sample(1.0)) }
        for payload in 0..<1_000 {
            try dispatcher.fireSynchronously(Sample(Double(nan: Double.RawSignificand(payload), signaling: false)))
        }
        try dispatcher.fireSynchronously(Sample(1.0))
        #expect(starts.value == 1_001)
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [0])
        subscription.cancel()
    }

    @Test func `keys of one hash are forgotten in the order of their use`() throws {
        struct Colliding: Hashable {
            let number: Int
            func hash(into hasher: inout Hasher) {}
        }
        let journal = Journal()
        let subscription = try dispatcher.subscribe {
            On(Sample<Colliding>.self) {
                Handle { journal.note("\($0.value.number)") }.limit(1, per: \.value, capacity: 3)
            }
        }
        for number in [1, 2, 3, 1, 4, 1, 2, 3, 4] {
            try dispatcher.fireSynchronously(Sample(Colliding(number: number)))
        }
        // 4 drove 2 out, 2 drove 3 out, 3 drove 4 out, 4 drove 1 out.
        #expect(journal.entries == ["1", "2", "3", "4", "2", "3", "4"])
        subscription.cancel()
    }

    @Test func `a large table remembers as many values as it may and forgets those that were not used lately`() throws {
        let subscription = try dispatcher.subscribe {
            On(Sample<Int>.self) { Handle { _ in starts.increment() }.limit(1, per: \.value, capacity: 2_000) }
        }
        /// How many of some values get a start.
        func count(of values: Range<Int>) throws -> Int {
            let before = starts.value
            for value in values { try dispatcher.fireSynchronously(Sample(value)) }
            return starts.value - before
        }
        #expect(try count(of: 0..<2_000) == 2_000)
        #expect(try count(of: 0..<1_000) == 0)
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [0])
        #expect(try count(of: 2_000..<2_900) == 900)
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [900])
        #expect(try count(of: 0..<1_000) == 0)
        #expect(try count(of: 1_900..<2_900) == 0)
        #expect(try count(of: 1_000..<1_900) == 900)
        subscription.cancel()
    }

    @Test func `a large table that was used as a whole forgets none of what came last`() throws {
        let subscription = try dispatcher.subscribe {
            On(Sample<Int>.self) { Handle { _ in starts.increment() }.limit(1, per: \.value, capacity: 2_000) }
        }
        for _ in 0..<2 {
            for value in 0..<2_000 { try dispatcher.fireSynchronously(Sample(value)) }
        }
        for value in 2_000..<2_250 { try dispatcher.fireSynchronously(Sample(value)) }
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [250])
        let before = starts.value
        for value in 1_000..<2_250 { try dispatcher.fireSynchronously(Sample(value)) }
        #expect(starts.value == before)
        subscription.cancel()
    }
}
