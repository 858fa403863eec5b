import EventDispatch
import EventDispatchTesting
import Testing

/// Who is who among the fires and handlers that an observer is told of.
@Suite(.timeLimit(.minutes(10))) struct ObservedFireTests {
    private struct Failure: Error {}

    /// Keeps what it is told.
    private final class Keeper: DispatchObserver {
        private let kept = Locked((fires: [ObservedFire](), runs: [String](), attempts: [HandlerOutcome]()))

        var fires: [ObservedFire] { kept.withLock { $0.fires } }
        var runs: [String] { kept.withLock { $0.runs } }
        var attempts: [HandlerOutcome] { kept.withLock { $0.attempts } }

        func fireStarted(_ fire: ObservedFire) { kept.withLock { $0.fires.append(fire) } }
        func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) {
            kept.withLock { kept in
                if fire.isDetached { kept.fires.append(fire) }
                kept.runs.append("start \(handler.id)")
            }
        }
        func attemptFailed(_ outcome: HandlerOutcome, in fire: ObservedFire) {
            kept.withLock { $0.attempts.append(outcome) }
        }
        func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {
            kept.withLock { $0.runs.append("end \(outcome.handlerID)") }
        }
    }

    private let dispatcher = EventDispatcher()
    private let keeper = Keeper()
    private let bag = SubscriptionBag()

    init() { dispatcher.observe(with: keeper) }

    @Test func `an observer knows a fire by its number and where it comes from`() async throws {
        try dispatcher.subscribe {
            On(Ping.self) {
                Handle("outer") { event in
                    if event.count > 0 {
                        try await DispatchContext.current?.dispatcher.fire(Ping(count: event.count - 1))
                    }
                }
            }
        }
        .store(in: bag)
        try await dispatcher.fire(Ping(count: 2))
        try await dispatcher.fire(Ping(count: 0))
        let fires = keeper.fires
        try #require(fires.count == 4)
        #expect(Set(fires.map(\.id)).count == 4)
        #expect(fires.map(\.parent) == [nil, fires[0].id, fires[1].id, nil])
        #expect(fires.map { $0.firedBy?.label.name } == [nil, "outer", "outer", nil])
        #expect(fires.map { $0.path.count } == [1, 2, 3, 1])
        #expect(fires.allSatisfy { !$0.isDetached && !$0.isPosted && $0.delivery == nil })
    }

    @Test func `fires of several dispatchers have numbers of their own`() async throws {
        let other = EventDispatcher()
        other.observe(with: keeper)
        try dispatcher.on(Ping.self) { _ in _ = try await other.fire(Ping()) }.store(in: bag)
        try await dispatcher.fire(Ping())
        let fires = keeper.fires
        #expect(Set(fires.map(\.id)).count == 2)
        #expect(fires.last?.parent == fires.first?.id)
    }

    @Test func `handlers of the same name and place have numbers of their own`() async throws {
        let gates = [Gate(), Gate()]
        try dispatcher.subscribe {
            On(Ping.self) { for gate in gates { Handle("same", line: 1) { _ in try await gate.wait() } } }
        }
        .store(in: bag)
        let fire = Task { try await dispatcher.fire(Ping()) }
        for gate in gates { await gate.arrivals(1) }
        gates[1].open()
        #expect(await comesTrue { keeper.runs.count == 3 })
        gates[0].open()
        _ = try await fire.value
        let (first, second) = (keeper.runs[0].dropFirst(6), keeper.runs[1].dropFirst(6))
        #expect(first != second)
        #expect(keeper.runs == ["start \(first)", "start \(second)", "end \(second)", "end \(first)"])
    }

    @Test func `a detached run comes from its fire`() async throws {
        try dispatcher.subscribe { On(Ping.self) { Handle("mail") { _ in }.detached() } }.store(in: bag)
        try await dispatcher.fire(Ping())
        await dispatcher.drain()
        let fires = keeper.fires
        try #require(fires.count == 2)
        #expect(fires.map(\.isDetached) == [false, true])
        #expect(fires[1].parent == fires[0].id)
        #expect(fires[1].id != fires[0].id)
    }

    @Test func `a run that departed when nobody observed comes from its fire too`() async throws {
        let dispatcher = EventDispatcher()
        try dispatcher.subscribe { On(Ping.self) { Handle("board") { _ in }.debounce(.seconds(60)) } }.store(in: bag)
        try await dispatcher.fire(Ping())
        dispatcher.observe(with: keeper)
        await dispatcher.stop()
        let fires = keeper.fires
        try #require(fires.count == 1)
        #expect(fires[0].isDetached)
        #expect(fires[0].parent != nil)
    }

    @Test func `each attempt that failed is told before the next`() async throws {
        let attempts = Tally()
        try dispatcher.subscribe {
            On(Ping.self) { Handle("flaky") { _ in if attempts.increment() < 3 { throw Failure() } }.retry(4) }
        }
        .store(in: bag)
        try dispatcher.fireSynchronously(Ping())
        #expect(keeper.attempts.map(\.attempts) == [1, 2])
        #expect(keeper.attempts.allSatisfy { $0.error is Failure })
        #expect(keeper.runs.count == 2)
    }

    @Test func `a posted event says so`() async throws {
        try await dispatcher.post(Ping())
        await dispatcher.drain()
        #expect(keeper.fires.map(\.isPosted) == [true])
    }
}
