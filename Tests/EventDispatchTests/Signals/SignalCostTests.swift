import EventDispatch
import EventDispatchTesting
import Testing

/// What a connect and a send cost beside many receivers of others: counted, not timed.
@Suite(.timeLimit(.minutes(10))) struct SignalCostTests {
    private final class Sender: Sendable {}

    /// What a receiver captures: counts those that are freed.
    private final class Capture: Sendable {
        let freed: Tally

        init(_ freed: Tally) { self.freed = freed }

        deinit { freed.increment() }
    }

    /// Keeps the last event that was fired.
    private final class LastEvent: DispatchObserver {
        private let storage = Locked<(any MatchableEvent)?>(nil)

        var event: (any MatchableEvent)? { storage.withLock { $0 } }

        func fireStarted(_ fire: ObservedFire) { storage.withLock { $0 = fire.event } }
    }

    @Test(arguments: [100, 2_000]) func `a connect and a send touch none of the others' keys`(count: Int) async throws {
        let signal = Signal<Void, Int>(())
        let keys = (0..<count).map { CountedValue($0) }
        for key in keys {
            let spare = CountedValue(-1 - key.number)
            signal.disconnect(try signal.connect(keys: [key, spare]) { _ in key.number }, keys: [spare])
        }
        func touches() -> Int { keys.reduce(0) { $0 + $1.hashes.value + $1.comparisons.value } }

        let before = touches()
        #expect(try await signal.send(keys: [CountedValue(count)]).isEmpty)
        #expect(touches() == before)
        try signal.connect(keys: [CountedValue(count)]) { _ in count }
        // A table that grows by it may hash some of what it holds anew.
        #expect(touches() - before <= 16)
        #expect(try await signal.send(keys: [CountedValue(3)]).map { try $0.get() } == [3])
    }

    @Test(arguments: [100, 2_000]) func `a send meets only receivers of what it names`(count: Int) async throws {
        let dispatcher = EventDispatcher()
        let last = LastEvent()
        dispatcher.observe(with: last)
        let signal = Signal<Void, Int>((), dispatcher: dispatcher)
        let other = Signal<Void, Int>((), dispatcher: dispatcher)
        let sender = Sender()
        for number in 0..<count {
            try signal.connect(keys: ["busy"]) { _ in number }
            try signal.connect(senders: [sender]) { _ in number }
            try other.connect(keys: ["quiet"]) { _ in number }
        }
        try signal.connect(keys: ["quiet"]) { _ in -1 }
        #expect(try await signal.send(keys: ["quiet"]).map { try $0.get() } == [-1])
        let call = try #require(last.event as? SignalCall<Void, Int>)
        let lookups = dispatcher.explain(call).keys.flatMap(\.tables)
        #expect(lookups.reduce(0) { $0 + $1.candidates } == 1)
    }

    @Test func `a connect and a send look at a few of the connections that may have ended`() async throws {
        let signal = Signal<Void, Void>()
        let freed = Tally()
        let count = 1_000
        do {
            let senders = (0..<count).map { _ in Sender() }
            for sender in senders {
                let capture = Capture(freed)
                try signal.connect(senders: [sender]) { _ in withExtendedLifetime(capture) {} }
            }
        }
        #expect(freed.value == 0)
        try await signal.send()
        #expect((1...16).contains(freed.value))
        let afterSend = freed.value
        try signal.connect { _ in }
        #expect((1...16).contains(freed.value - afterSend))
        for _ in 0..<count where freed.value < count { try await signal.send() }
        #expect(freed.value == count)
        #expect(signal.receivers.count == 1)
    }
}
