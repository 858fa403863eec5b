import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Limits on the starts in any span of time.
@Suite(.timeLimit(.minutes(10))) struct WindowLimitTests {
    private struct Failure: Error {}

    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()
    private let bag = SubscriptionBag()

    init() { dispatcher = EventDispatcher(clock: clock) }

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    private func seconds() -> Int { Int(clock.now.offset.components.seconds) }

    @Test func `a start counts for exactly the span`() throws {
        try subscribe { On(Ping.self) { Handle { _ in journal.note("\(seconds())") }.limit(2, within: .seconds(10)) } }
        var matched: [Int] = []
        for _ in 0..<30 {
            matched.append(try dispatcher.fireSynchronously(Ping()).matched)
            clock.advance(by: .seconds(1))
        }
        #expect(journal.entries == ["0", "1", "10", "11", "20", "21"])
        #expect(matched.reduce(0, +) == 6)
        #expect(!dispatcher.handlers.isEmpty)
    }

    @Test func `values of a key have spans of their own`() throws {
        try subscribe {
            On(Letter.self) {
                Handle { event in journal.note("\(event.producer) at \(seconds())") }
                    .limit(1, per: \.producer, within: .seconds(10))
            }
        }
        for producer in [1, 2, 1, 2] { try dispatcher.fireSynchronously(Letter(0, of: producer)) }
        clock.advance(by: .seconds(10))
        try dispatcher.fireSynchronously(Letter(0, of: 1))
        #expect(journal.entries == ["1 at 0", "2 at 0", "1 at 10"])
    }

    @Test func `past its capacity the value used least recently is forgotten and counted`() throws {
        try subscribe {
            On(Letter.self) {
                Handle { event in journal.note("\(event.producer)") }
                    .limit(1, per: \.producer, within: .seconds(10), capacity: 2)
            }
        }
        for producer in [1, 2, 3, 2, 1] { try dispatcher.fireSynchronously(Letter(0, of: producer)) }
        #expect(journal.entries == ["1", "2", "3", "1"])
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [2])
    }

    @Test func `a start that fails counts and one that doesn't take place is given back`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { event in
                    await Task.yield()
                    journal.note("\(event.count)")
                    throw Failure()
                }
                .limit(1, within: .seconds(10))
            }
        }
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await dispatcher.fireReporting(Ping(count: 1))
        }
        _ = try await cancelled.value
        _ = try await dispatcher.fireReporting(Ping(count: 2))
        #expect(try await dispatcher.fireReporting(Ping(count: 3)).matched == 0)
        #expect(journal.entries == ["2"])
    }

    @Test func `a start that waits for its actor counts from its arrival`() async throws {
        let actor = HeldActor()
        try subscribe {
            On(Ping.self) {
                Handle(on: actor) { _, event in journal.note("\(event.count) at \(seconds())") }
                    .limit(1, within: .seconds(10))
            }
        }
        async let first = dispatcher.fire(Ping(count: 1))
        await actor.jobs.arrival()
        clock.advance(by: .seconds(9))
        actor.jobs.release()
        _ = try await first
        clock.advance(by: .seconds(9))
        #expect(try await dispatcher.fire(Ping(count: 2)).matched == 0)
        clock.advance(by: .seconds(1))
        #expect(try await dispatcher.fire(Ping(count: 3)).matched == 1)
        #expect(journal.entries == ["1 at 9", "3 at 19"])
    }

    @Test func `a start that waits for its turn counts from its turn`() async throws {
        let gate = Gate()
        let tasks = SerialTasks()
        try subscribe {
            On(Ping.self) {
                Handle { event in
                    journal.note("\(event.count) at \(seconds())")
                    try await gate.wait()
                }
                .limit(2, within: .seconds(10)).concurrency(1)
            }
        }
        let fires = [
            await tasks.start { [dispatcher] in try? await dispatcher.fire(Ping(count: 1)) },
            await tasks.start { [dispatcher] in try? await dispatcher.fire(Ping(count: 2)) },
        ]
        clock.advance(by: .seconds(9))
        gate.open()
        for fire in fires { _ = await fire.value }
        clock.advance(by: .seconds(1))
        // The first start is a span back, the second is not.
        #expect(try await dispatcher.fire(Ping(count: 3)).matched == 1)
        #expect(try await dispatcher.fire(Ping(count: 4)).matched == 0)
        #expect(journal.entries == ["1 at 0", "2 at 9", "3 at 10"])
    }

    @Test func `attempts of one start count once`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    journal.note("tried")
                    throw Failure()
                }
                .retry(2).limit(2, within: .seconds(10))
            }
        }
        for _ in 0..<3 { _ = try await dispatcher.fireReporting(Ping()) }
        #expect(journal.entries.count == 6)
    }

    @Test func `nested fires count like any other`() async throws {
        try subscribe {
            On(Letter.self) { Handle { _ in try await DispatchContext.current?.dispatcher.fire(Ping(count: 2)) } }
            On(Ping.self) { Handle { event in journal.note("\(event.count)") }.limit(1, within: .seconds(10)) }
        }
        try await dispatcher.fire(Letter(1))
        try await dispatcher.fire(Ping(count: 1))
        #expect(journal.entries == ["2"])
    }

    @Test func `an explanation says that the limit leaves no start`() throws {
        try subscribe { On(Ping.self) { Handle { _ in }.limit(1, within: .seconds(10)) } }
        try dispatcher.fireSynchronously(Ping())
        #expect(dispatcher.explain(Ping()).obstacles.map(\.reason) == [.limit])
        clock.advance(by: .seconds(10))
        #expect(dispatcher.explain(Ping()).matched.count == 1)
    }

    @Test func `sixty four tasks never start more than the limit in any span`() async throws {
        let (limit, span) = (5, 3)
        let starts = Locked<[Int: Int]>([:])
        try subscribe {
            On(Letter.self) {
                Handle { event in
                    starts.withLock { $0[event.number, default: 0] += 1 }
                    if event.producer.isMultiple(of: 3) { await Task.yield() }
                }
                .limit(limit, within: .seconds(span))
            }
        }
        let rounds = scaled(150, full: 10_000)
        for round in 0..<rounds {
            await withTaskGroup(of: Void.self) { group in
                for producer in 0..<64 {
                    group.addTask { _ = try? await dispatcher.fire(Letter(round, of: producer)) }
                }
            }
            clock.advance(by: .seconds(1))
        }
        let counts = starts.withLock { starts in (0..<rounds).map { starts[$0] ?? 0 } }
        for end in counts.indices {
            try #require(
                counts[max(0, end - span + 1)...end].reduce(0, +) <= limit,
                "in the span that ends with \(end)"
            )
        }
        // There are always more events than starts, so none is left unused either.
        #expect(counts == (0..<rounds).map { $0.isMultiple(of: span) ? limit : 0 })
    }
}
