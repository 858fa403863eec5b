import EventDispatch
import EventDispatchTesting
import EventDispatchTracing
import Testing

/// How much a trace keeps, and what it holds on to.
@Suite(.timeLimit(.minutes(10))) struct BoundTests {
    private final class Payload: Sendable {}

    private struct Loaded: MatchableEvent {
        let payload: Payload
    }

    private struct Heavy: Error { let payload: Payload }

    @Test func `the oldest fires give way and are counted`() throws {
        let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace(capacity: 8))
        dispatcher.observe(with: trace)
        let subscription = try dispatcher.on(Opened.self) { _ in }
        for number in 0..<20 { try dispatcher.fireSynchronously(Opened(number: number)) }
        let snapshot = trace.snapshot
        #expect(snapshot.fires.count == 8)
        #expect(snapshot.lost == 12)
        #expect(snapshot.fires.allSatisfy { $0.end != nil && $0.runs.count == 1 })
        #expect(snapshot.fires.map(\.id) == snapshot.fires.map(\.id).sorted())
        subscription.cancel()
    }

    @Test func `what is left of a fire that gave way isn't shown`() throws {
        let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace(capacity: 1))
        dispatcher.observe(with: trace)
        let subscription = try dispatcher.subscribe {
            On(Opened.self) { for _ in 0..<10 { Handle { _ in } } }
        }
        try dispatcher.fireSynchronously(Opened())
        #expect(trace.snapshot.outline.isEmpty)
        #expect(trace.snapshot.lost == 1)
        subscription.cancel()
    }

    @Test func `a capacity below one counts as one`() throws {
        for capacity in [Int.min, 0, 1] {
            let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace(capacity: capacity))
            dispatcher.observe(with: trace)
            try dispatcher.fireSynchronously(Counted())
            #expect(trace.snapshot.outline == ["counted, unhandled"])
        }
    }

    @Test func `clearing forgets and recording goes on`() throws {
        let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace())
        dispatcher.observe(with: trace)
        try dispatcher.fireSynchronously(Counted())
        trace.clear()
        #expect(trace.snapshot.fires.isEmpty)
        #expect(trace.snapshot.lost == 0)
        try dispatcher.fireSynchronously(Opened())
        #expect(trace.snapshot.outline == ["opened, unhandled"])
    }

    @Test func `nothing is recorded before and after the observation`() throws {
        let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace())
        try dispatcher.fireSynchronously(Counted())
        let observation = dispatcher.observe(with: trace)
        try dispatcher.fireSynchronously(Opened())
        observation.cancel()
        try dispatcher.fireSynchronously(Counted())
        #expect(trace.snapshot.outline == ["opened, unhandled"])
    }

    @Test func `it holds no event and no error and no handler and no dispatcher`() throws {
        weak var payload: Payload?
        weak var held: EventDispatcher?
        let trace = EventDispatchTrace()
        do {
            let (dispatcher, own) = (EventDispatcher(), Payload())
            (payload, held) = (own, dispatcher)
            dispatcher.observe(with: trace)
            let subscription = try dispatcher.on(Loaded.self) { event in throw Heavy(payload: event.payload) }
            #expect(throws: DispatchFailure.self) { try dispatcher.fireSynchronously(Loaded(payload: own)) }
            #expect(trace.snapshot.listings.map(\.events.count) == [1])
            subscription.cancel()
        }
        #expect(payload == nil)
        #expect(held == nil)
        #expect(trace.snapshot.fires.count == 1)
        #expect(trace.snapshot.listings.isEmpty)
    }

    @Test func `its times are those of its clock`() async throws {
        let clock = ManualClock()
        let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace(clock: clock))
        dispatcher.observe(with: trace)
        let subscription = try dispatcher.on(Opened.self) { _ in clock.advance(by: .milliseconds(5)) }
        clock.advance(by: .seconds(1))
        try dispatcher.fireSynchronously(Opened())
        let fire = try #require(trace.snapshot.fires.first)
        #expect(fire.start == 1_000_000_000)
        #expect(fire.end == 1_005_000_000)
        #expect(fire.runs.map(\.start) == [1_000_000_000])
        #expect(fire.runs.map(\.end) == [1_005_000_000])
        subscription.cancel()
    }

    @Test func `threads that record and read at a time lose nothing but what they say`() async throws {
        let count = 2_000
        let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace(capacity: 3 * count))
        dispatcher.observe(with: trace)
        let subscription = try dispatcher.on(Opened.self) { _ in }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    for number in 0..<count { _ = try? dispatcher.fireSynchronously(Opened(number: number)) }
                }
            }
            group.addTask { for _ in 0..<5 { _ = trace.snapshot } }
        }
        let snapshot = trace.snapshot
        #expect(snapshot.fires.count + snapshot.lost == 3 * count)
        let missing = snapshot.fires.count { $0.end == nil || $0.runs.count != 1 || $0.runs[0].result != .succeeded }
        #expect(missing <= snapshot.givenUp)
        #expect(snapshot.lost <= snapshot.givenUp)
        subscription.cancel()
    }

    @Test func `a ring of few places takes what many threads write`() async throws {
        let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace(capacity: 1))
        dispatcher.observe(with: trace)
        // Texts that are made while they are recorded, and freed by whoever writes over them.
        let subscription = try dispatcher.on(Opened.self) { event in
            throw Failure(description: "fire \(event.number) failed with a text that is too long for a small string")
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for number in 0..<1_000 { _ = try? dispatcher.fireSynchronously(Opened(number: number)) }
                }
            }
            group.addTask { for _ in 0..<100 { _ = trace.snapshot } }
        }
        _ = try? dispatcher.fireSynchronously(Opened(number: 7))
        let texts = trace.snapshot.fires.flatMap(\.runs).map(\.text)
        #expect(texts == ["fire 7 failed with a text that is too long for a small string"])
        subscription.cancel()
    }
}
