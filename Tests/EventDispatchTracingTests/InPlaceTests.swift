import EventDispatch
import EventDispatchTracing
import Testing

/// Fires in place, which a trace that is the only observer is told of in another way: it has to say the same.
@Suite(.timeLimit(.minutes(10))) struct InPlaceTests {
    private struct Watcher: DispatchObserver {}

    private static let scenarios: [@Sendable (EventDispatcher, SubscriptionBag) async throws -> Void] = [
        { dispatcher, _ in try dispatcher.fireSynchronously(Opened()) },
        { dispatcher, bag in
            try dispatcher.subscribe {
                On(Opened.self) {
                    Phase(.after) { Handle("c") { _ in } }
                    Handle("a") { _ in }
                    Handle("b") { _ in throw Failure() }
                }
            }
            .store(in: bag)
            _ = try await dispatcher.fireReporting(Opened())
            _ = try? dispatcher.fireSynchronously(Opened())
        },
        { dispatcher, bag in
            try dispatcher.subscribe {
                On(Opened.self) {
                    Handle("a") { _ in DispatchContext.current?.stop() }
                    Handle("b") { _ in }
                }
            }
            .store(in: bag)
            try dispatcher.fireSynchronously(Opened())
        },
        { dispatcher, bag in
            let other = SubscriptionBag()
            try dispatcher.subscribe { On(Opened.self) { Handle("a") { _ in other.cancel() } } }.store(in: bag)
            try dispatcher.subscribe { On(Opened.self) { Phase(.after) { Handle("b") { _ in } } } }.store(in: other)
            try dispatcher.fireSynchronously(Opened())
        },
        { dispatcher, bag in
            try dispatcher.subscribe {
                On(Opened.self) {
                    Handle("outer") { event in
                        if event.number < 3 {
                            _ = try DispatchContext.current?.dispatcher.fireSynchronously(
                                Opened(number: event.number + 1)
                            )
                        }
                        DispatchContext.current?.fireAfterwards(Counted())
                    }
                }
            }
            .store(in: bag)
            try dispatcher.fireSynchronously(Opened())
        },
        { dispatcher, bag in
            try dispatcher.subscribe {
                OnAny(.before) { Handle("watch") { _ in } }
                On(Opened.self) { Handle("a") { _ in } }
            }
            .store(in: bag)
            try dispatcher.fireSynchronously(Opened())
            try dispatcher.fireSynchronously(Counted())
        },
        { dispatcher, bag in
            try dispatcher.subscribe { On(Opened.self) { Handle("a") { _ in }.limit(1) } }.store(in: bag)
            try dispatcher.fireSynchronously(Opened())
            try dispatcher.fireSynchronously(Opened())
        },
        { dispatcher, bag in
            try dispatcher.subscribe {
                On(Opened.self) {
                    Handle("alone") { event in
                        await Task.yield()
                        _ = try await DispatchContext.current?.dispatcher.fire(Counted())
                        DispatchContext.current?.fireAfterwards(Counted())
                        if event.number == 1 { throw Failure() }
                    }
                }
            }
            .store(in: bag)
            for number in 0...2 { _ = try await dispatcher.fireReporting(Opened(number: number)) }
        },
        { dispatcher, bag in
            let subscription = try dispatcher.subscribe {
                On(Opened.self) { Handle("muted") { _ in await Task.yield() } }
            }
            bag.insert(subscription)
            try await subscription.muted { _ = try await dispatcher.fire(Opened()) }
            try await dispatcher.fire(Opened())
        },
        { dispatcher, bag in
            try dispatcher.subscribe { On(Opened.self) { Handle("cancelled") { _ in try Task.checkCancellation() } } }
                .store(in: bag)
            try dispatcher.subscribe {
                On(Counted.self) {
                    Handle("cancels") { _ in
                        withUnsafeCurrentTask { $0?.cancel() }
                        await Task.yield()
                        try Task.checkCancellation()
                    }
                }
            }
            .store(in: bag)
            _ = try? await Task { try await dispatcher.fire(Counted()) }.value
            let late = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await dispatcher.fire(Opened())
            }
            _ = try? await late.value
        },
        { dispatcher, bag in
            try dispatcher.subscribe { On(Opened.self) { Handle("main") { @MainActor _ in } } }.store(in: bag)
            try await dispatcher.fire(Opened())
            try await MainActor.run { _ = try dispatcher.fireSynchronously(Opened()) }
        },
        { dispatcher, bag in
            try dispatcher.subscribe {
                On(Opened.self) {
                    Handle("a") { _ in withUnsafeCurrentTask { $0?.cancel() } }
                    Phase(.after) { Handle("b") { _ in } }
                }
            }
            .store(in: bag)
            _ = try? await Task { try await dispatcher.fire(Opened()) }.value
        },
    ]

    @Test(arguments: scenarios.indices)
    func `fires in place are recorded as others are`(index: Int) async throws {
        var outlines: [[String]] = []
        for isAlone in [true, false] {
            let (dispatcher, bag, trace) = (EventDispatcher(), SubscriptionBag(), EventDispatchTrace())
            dispatcher.observe(with: trace)
            if !isAlone { dispatcher.observe(with: Watcher()) }
            try await Self.scenarios[index](dispatcher, bag)
            outlines.append(trace.snapshot.outline)
            #expect(trace.snapshot.lost == 0)
            #expect(trace.snapshot.fires.allSatisfy { $0.end != nil })
        }
        #expect(outlines[0] == outlines[1])
        #expect(!outlines[0].isEmpty)
    }

    @Test func `an observer beside a trace is told and may fire`() throws {
        final class Counter: DispatchObserver {
            private let counted = Locked(0)
            var count: Int { counted.withLock { $0 } }
            func fireStarted(_ fire: ObservedFire) { counted.withLock { $0 += 1 } }
            func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {
                if fire.event is Opened { _ = try? DispatchContext.current?.dispatcher.fireSynchronously(Counted()) }
            }
        }
        let (dispatcher, trace, other, counter) = (
            EventDispatcher(), EventDispatchTrace(), EventDispatchTrace(), Counter()
        )
        dispatcher.observe(with: trace)
        let observation = dispatcher.observe(with: counter)
        let subscription = try dispatcher.on(Opened.self) { _ in }
        try dispatcher.fireSynchronously(Opened())
        #expect(counter.count == 2)
        #expect(trace.snapshot.outline == ["opened", "  during  succeeded", "counted in opened, unhandled"])
        observation.cancel()
        // Two traces are told both.
        dispatcher.observe(with: other)
        try dispatcher.fireSynchronously(Opened())
        #expect(counter.count == 2)
        #expect(other.snapshot.outline == ["opened", "  during  succeeded"])
        #expect(trace.snapshot.fires.count == 3)
        subscription.cancel()
    }

    @Test func `a fire in place returns what it returns without a trace`() throws {
        for isTraced in [false, true] {
            let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace())
            if isTraced { dispatcher.observe(with: trace) }
            let subscription = try dispatcher.subscribe {
                On(Opened.self) {
                    Handle("a") { _ in }
                    Handle("b") { _ in throw Failure() }
                }
            }
            let failure = #expect(throws: DispatchFailure.self) { try dispatcher.fireSynchronously(Opened()) }
            #expect(failure?.report.matched == 2)
            #expect(failure?.report.succeeded == 1)
            #expect(failure?.report.outcomes.map { "\($0.handler.name) \($0.result)" } == ["b failed: it broke"])
            subscription.cancel()
        }
    }

    @Test func `a stopped dispatcher refuses a fire that would be recorded`() async throws {
        let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace())
        dispatcher.observe(with: trace)
        await dispatcher.stop()
        #expect(throws: DispatchError.self) { try dispatcher.fireSynchronously(Opened()) }
        #expect(trace.snapshot.outline.isEmpty)
    }
}
