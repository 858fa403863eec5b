import EventDispatch
import EventDispatchTesting
import EventDispatchTracing
import Testing

/// What a trace records.
@Suite(.timeLimit(.minutes(10))) struct RecordingTests {
    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let trace = EventDispatchTrace()
    private let gate = Gate()
    private let bag = SubscriptionBag()

    init() {
        dispatcher = EventDispatcher(name: "house", clock: clock)
        dispatcher.observe(with: trace)
    }

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    @Test func `fires and handlers stand in order with their outcomes`() async throws {
        try subscribe {
            On(Opened.self) {
                Phase(.after) { Handle("last") { _ in throw Failure() } }
                Phase(.before) { Handle("first") { _ in await Task.yield() } }
                Handle("middle") { _ in }
            }
        }
        _ = try await dispatcher.fireReporting(Opened())
        #expect(
            trace.snapshot.outline == [
                "opened", "  before first succeeded", "  during middle succeeded", "  after last failed: it broke",
            ]
        )
        #expect(trace.snapshot.fires.map(\.dispatcher) == ["house"])
        let allFailed = trace.snapshot.fires.allSatisfy(\.hasFailed)
        #expect(allFailed)
        #expect(trace.snapshot.fires[0].runs.map(\.label.location.fileID).allSatisfy { $0 == #fileID })
    }

    @Test func `an event without a handler is unhandled`() async throws {
        try await dispatcher.fire(Counted())
        try dispatcher.fireSynchronously(Counted())
        #expect(trace.snapshot.outline == ["counted, unhandled", "counted, unhandled"])
    }

    @Test func `a nested fire stands in the handler that fired it`() async throws {
        try subscribe {
            On(Opened.self) {
                Handle("outer") { event in
                    try await DispatchContext.current?.dispatcher.fire(Counted())
                    if event.number > 0 {
                        try await DispatchContext.current?.dispatcher.fire(Opened(number: event.number - 1))
                    }
                }
            }
            On(Counted.self) { Handle("inner") { _ in } }
        }
        try await dispatcher.fire(Opened(number: 1))
        #expect(
            trace.snapshot.outline == [
                "opened", "  during outer succeeded", "counted in opened by outer", "  during inner succeeded",
                "opened in opened by outer", "  during outer succeeded", "counted in opened by outer",
                "  during inner succeeded",
            ]
        )
        let fires = trace.snapshot.fires
        #expect(fires.map(\.parent) == [nil, fires[0].id, fires[0].id, fires[2].id])
    }

    @Test func `a fire inside a handler that runs in place stands in it`() throws {
        try subscribe {
            On(Opened.self) {
                Handle("outer") { _ in
                    _ = try DispatchContext.current?.dispatcher.fireSynchronously(Counted())
                }
            }
            On(Counted.self) { Handle("inner") { _ in } }
        }
        try dispatcher.fireSynchronously(Opened())
        #expect(
            trace.snapshot.outline == [
                "opened", "  during outer succeeded", "counted in opened by outer", "  during inner succeeded",
            ]
        )
    }

    @Test func `concurrent fires overlap`() async throws {
        try subscribe { On(Opened.self) { Handle { _ in try await gate.wait() } } }
        let fires = (0..<3).map { number in Task { try await dispatcher.fire(Opened(number: number)) } }
        await gate.arrivals(3)
        gate.open()
        for fire in fires { _ = try await fire.value }
        let recorded = trace.snapshot.fires
        #expect(recorded.count == 3)
        let lastStart = recorded.map(\.start).max() ?? 0
        #expect(recorded.allSatisfy { ($0.end ?? 0) > lastStart })
    }

    @Test func `every attempt that failed is there with its error`() async throws {
        let attempts = Locked(0)
        try subscribe {
            On(Opened.self) {
                Handle("flaky") { _ async throws in
                    let attempt = attempts.withLock { count in
                        count += 1
                        return count
                    }
                    if attempt < 3 { throw Failure(description: "attempt \(attempt)") }
                }
                .retry(5)
            }
            On(Counted.self) { Handle("in place") { _ in throw Failure() }.retry(1) }
        }
        try await dispatcher.fire(Opened())
        _ = try await dispatcher.fireReporting(Counted())
        #expect(
            trace.snapshot.outline == [
                "opened", "  during flaky succeeded, 3 attempts, again after: attempt 1, again after: attempt 2",
                "counted", "  during in place failed, 2 attempts, again after: it broke: it broke",
            ]
        )
    }

    @Test func `a handler that is left running is told as such and so is its end`() async throws {
        try subscribe {
            On(Opened.self) {
                Handle("slow") { _ in await gate.waitIgnoringCancellation() }.timeout(.seconds(1), grace: .zero)
            }
        }
        let fire = Task { try await dispatcher.fireReporting(Opened()) }
        await gate.arrivals(1)
        await clock.sleepers(1)
        #expect(trace.snapshot.outline == ["opened, unfinished", "  during slow running"])
        clock.advance(by: .seconds(1))
        _ = try await fire.value
        #expect(trace.snapshot.outline == ["opened", "  during slow leftRunning"])
        gate.open()
        await dispatcher.stop()
        #expect(trace.snapshot.outline == ["opened", "  during slow leftRunning, ended late"])
    }

    @Test func `a detached handler is a run of its own from its fire`() async throws {
        try subscribe { On(Opened.self) { Handle("mail") { _ in await gate.waitIgnoringCancellation() }.detached() } }
        try await dispatcher.fire(Opened())
        await gate.arrivals(1)
        #expect(
            trace.snapshot.outline == [
                "opened", "  during mail detached, not started", "opened in opened, detached, unfinished",
                "  during mail running",
            ]
        )
        gate.open()
        await dispatcher.drain()
        #expect(trace.snapshot.outline.suffix(2) == ["opened in opened, detached", "  during mail succeeded"])
        #expect(trace.snapshot.lost == 0)
    }

    @Test func `a detached handler that is cancelled on its way to its actor is one run`() async throws {
        actor Desk {}
        struct Canceller: DispatchObserver {
            let bag: SubscriptionBag
            func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) { bag.cancel() }
        }
        dispatcher.observe(with: Canceller(bag: bag))
        let desk = Desk()
        try subscribe { On(Opened.self) { Handle("desk", on: desk) { _, _ in }.detached() } }
        try await dispatcher.fire(Opened())
        await dispatcher.drain()
        #expect(
            trace.snapshot.outline.suffix(2) == ["opened in opened, detached", "  during desk skipped: unsubscribed"]
        )
        #expect(trace.snapshot.lost == 0)
    }

    @Test func `a debounced start that another supersedes is told`() async throws {
        try subscribe { On(Opened.self) { Handle("board") { _ in }.debounce(.seconds(1)) } }
        try await dispatcher.fire(Opened(number: 1))
        try await dispatcher.fire(Opened(number: 2))
        await dispatcher.stop()
        let outline = trace.snapshot.outline
        #expect(outline.filter { $0 == "  during board skipped, not started: superseded" }.count == 1)
        #expect(outline.filter { $0 == "  during board succeeded" }.count == 1)
        #expect(outline.filter { $0 == "opened in opened, detached" }.count == 2)
        #expect(trace.snapshot.lost == 0)
    }

    @Test func `handlers that don't start are there with the reason`() async throws {
        try subscribe {
            On(Opened.self) {
                Handle("stop") { _ in DispatchContext.current?.stop() }
                Phase(.after) { Handle("late") { _ in } }
            }
        }
        try await dispatcher.fire(Opened())
        #expect(
            trace.snapshot.outline == [
                "opened", "  during stop succeeded", "  after late skipped, not started: fireStopped",
            ]
        )
    }

    @Test func `posted events and dropped ones are told`() async throws {
        try subscribe { On(Opened.self) { Handle("count") { _ in } } }
        try await dispatcher.post(Opened())
        await dispatcher.drain()
        await dispatcher.stop()
        _ = try? dispatcher.postNow(Counted())
        #expect(trace.snapshot.outline == ["opened, posted", "  during count succeeded"])
        #expect(trace.snapshot.drops.map { "\($0.event) \($0.reason)" } == ["counted stopped"])
    }

    @Test func `a fire around an operation is one fire whatever replaces its event`() async throws {
        try subscribe {
            On(Opened.self) {
                Phase(.before) { Handle("before") { _ in } }
                Phase(.after) {
                    Handle("after") { _ in _ = try await DispatchContext.current?.dispatcher.fire(Counted()) }
                }
            }
        }
        _ = try await dispatcher.fire(Opened()) { 7 }
        let parts = ["  before before succeeded", "  after after succeeded", "counted in opened by after, unhandled"]
        #expect(trace.snapshot.outline == ["opened"] + parts)
        trace.clear()
        try dispatcher.subscribe {
            On(ModelChange<Int>.self) {
                Phase(.before) { Handle("creates") { _ in } }
                Phase(.after) {
                    Handle("created") { _ in try await DispatchContext.current?.dispatcher.fire(Counted()) }
                }
            }
        }
        .store(in: bag)
        // What comes after the operation is of another event.
        try await dispatcher.performing(.create, on: 1) { 2 }
        let name = ModelChange<Int>.eventName
        #expect(
            trace.snapshot.outline == [
                name, "  before creates succeeded", "  after created succeeded",
                "counted in \(name) by created, unhandled",
            ]
        )
    }

    @Test func `an event is described only where that is asked for and cut and escaped`() async throws {
        let describing = EventDispatchTrace { "\u{1B}\($0)" + String(repeating: "x", count: 500) }
        dispatcher.observe(with: describing)
        try dispatcher.fireSynchronously(Counted())
        #expect(trace.snapshot.fires.map(\.description) == [nil])
        let description = try #require(describing.snapshot.fires.first?.description)
        #expect(description.hasPrefix("\\u{1B}Counted()xxx"))
        #expect(description.hasSuffix("x…"))
        #expect(description.count < 420)
    }

    @Test func `it is written while a handler runs`() async throws {
        try subscribe { On(Opened.self) { Handle("held") { _ in try await gate.wait() } } }
        let fire = Task { try await dispatcher.fire(Opened()) }
        await gate.arrivals(1)
        #expect(trace.snapshot.outline == ["opened, unfinished", "  during held running"])
        gate.open()
        _ = try await fire.value
    }
}
