import EventDispatch
import EventDispatchTesting
import Testing

/// Events that a handler wants to be fired when the outermost fire has ended well.
@Suite(.timeLimit(.minutes(10))) struct AfterwardsTests {
    struct Failure: Error {}

    /// The outermost event; its handlers reply, so that it can be asked.
    struct Order: MatchableEvent {
        typealias Reply = Int
        var fails = false

        static var eventName: String { "Order" }

        struct MatchKeys: MatchKeySet {
            let fails = Key(\.fails)
        }
    }

    /// The ways in which a fire can be outermost.
    enum Way: CaseIterable {
        case plain, limited, lone, sideBySide, detailed, synchronous, synchronousInDetail, reporting, around, operation,
            asked, posted, any
    }

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    init() throws {
        let journal = journal
        bag.insert(
            try dispatcher.on(Letter.self) { letter in
                journal.note("letter \(letter.number) of \(DispatchContext.current?.path.joined(separator: ">") ?? "")")
            }
        )
    }

    /// Notes what is dropped. A fire that is observed takes another way than one that isn't.
    private func observe() { dispatcher.observe(with: DropObserver(journal: journal)) }

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    /// Asks for two letters, and fails if the order is to fail.
    private static func ask(_ order: Order, _ journal: Journal) throws -> Int {
        let context = DispatchContext.current
        journal.note(
            "asked \(context?.fireAfterwards(Letter(1)) ?? false) \(context?.fireAfterwards(Letter(2)) ?? false)"
        )
        if order.fails { throw Failure() }
        return 1
    }

    private func fire(_ order: Order, _ way: Way) async throws {
        let journal = journal
        if way != .operation {
            try subscribe {
                On(Order.self) {
                    Phase(way == .around ? .before : .during) {
                        if way == .lone || way == .sideBySide {
                            Handle { order in
                                await Task.yield()
                                return try Self.ask(order, journal)
                            }
                        } else if way == .limited {
                            Handle { order in try Self.ask(order, journal) }.limit(9)
                        } else {
                            Handle { order in try Self.ask(order, journal) }
                        }
                    }
                }
                On(Order.self) {
                    Phase(.after) {
                        if way == .sideBySide {
                            Handle { _ in
                                await Task.yield(); return 2
                            }
                            Handle { _ in
                                await Task.yield(); journal.note("last"); return 2
                            }
                        } else if way != .lone, way != .asked {
                            Handle { _ in
                                journal.note("last"); return 2
                            }
                        }
                    }
                }
            }
        }
        switch way {
        case .plain, .limited, .lone, .sideBySide: try await dispatcher.fire(order)
        case .detailed: try await dispatcher.fire(order, detail: .all)
        case .synchronous: try dispatcher.fireSynchronously(order)
        case .synchronousInDetail: try dispatcher.fireSynchronously(order, detail: .all)
        case .reporting: _ = try await dispatcher.fireReporting(order)
        case .around: try await dispatcher.fire(order) {}
        case .operation:
            try await dispatcher.fire(order) {
                await Task.yield()
                _ = try Self.ask(order, journal)
            }
        case .asked: _ = try await dispatcher.reply(to: order)
        case .posted:
            try await dispatcher.post(order)
            await dispatcher.drain()
        case .any: try await dispatcher.fire(order as any MatchableEvent)
        }
    }

    @Test(arguments: Way.allCases, [true, false])
    func `it is fired in order when the outermost fire has ended well`(way: Way, isObserved: Bool) async throws {
        if isObserved { observe() }
        try await fire(Order(), way)
        journal.note("returned")
        let last = [Way.lone, .asked, .operation].contains(way) ? [] : ["last"]
        #expect(
            journal.entries == ["asked true true"] + last + ["letter 1 of Letter", "letter 2 of Letter", "returned"]
        )
    }

    @Test(arguments: Way.allCases, [true, false])
    func `it is dropped and told when the outermost fire has failed`(way: Way, isObserved: Bool) async throws {
        if isObserved { observe() }
        try? await fire(Order(fails: true), way)
        let last = [Way.lone, .asked, .operation].contains(way) ? [] : ["last"]
        let told = isObserved ? ["1 fireFailed", "2 fireFailed"] : []
        #expect(journal.entries == ["asked true true"] + last + told)
    }

    @Test(arguments: [true, false])
    func `the observers of the dispatcher that asked are told`(isAsynchronous: Bool) async throws {
        let other = EventDispatcher()
        other.observe(with: DropObserver(journal: journal))
        bag.insert(try other.on(Ping.self) { _ in DispatchContext.current?.fireAfterwards(Letter(3)) })
        try subscribe {
            On(Order.self) {
                if isAsynchronous {
                    Handle { _ in
                        try await other.fire(Ping())
                        throw Failure()
                    }
                } else {
                    Handle { _ in
                        try other.fireSynchronously(Ping())
                        throw Failure()
                    }
                }
            }
        }
        await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(Order()) }
        #expect(journal.entries == ["3 fireFailed"])
    }

    @Test(arguments: [true, false]) func `it waits for the outermost fire through other dispatchers`(
        isAsynchronous: Bool
    ) async throws {
        let (other, journal) = (EventDispatcher(), journal)
        bag.insert(try other.on(Letter.self) { letter in journal.note("other \(letter.number)") })
        bag.insert(
            try other.on(Ping.self) { _ in
                DispatchContext.current?.fireAfterwards(Letter(3))
                journal.note("ping")
            }
        )
        try subscribe {
            On(Order.self) {
                if isAsynchronous {
                    Handle { _ in
                        try await other.fire(Ping())
                        await Task.yield()
                        DispatchContext.current?.fireAfterwards(Letter(4))
                        journal.note("order")
                        return 1
                    }
                } else {
                    Handle { _ in
                        try other.fireSynchronously(Ping())
                        DispatchContext.current?.fireAfterwards(Letter(4))
                        journal.note("order")
                        return 1
                    }
                }
            }
        }
        try await dispatcher.fire(Order())
        #expect(journal.entries == ["ping", "order", "other 3", "letter 4 of Letter"])
    }

    @Test func `a nested fire that fails drops nothing as long as the outermost ends well`() async throws {
        try subscribe {
            On(Ping.self) { Handle { [dispatcher] _ in _ = try? dispatcher.fireSynchronously(Order(fails: true)) } }
            On(Order.self) { Handle { [journal] order in try Self.ask(order, journal) } }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["asked true true", "letter 1 of Letter", "letter 2 of Letter"])
    }

    @Test(arguments: [true, false])
    func `a fire whose task is cancelled drops it`(isLone: Bool) async throws {
        observe()
        let gate = Gate()
        try subscribe {
            On(Order.self) {
                Handle { [journal] order in
                    let reply = try Self.ask(order, journal)
                    await gate.waitIgnoringCancellation()
                    return reply
                }
                if !isLone {
                    Handle { _ in
                        await Task.yield()
                        return 1
                    }
                }
            }
        }
        let firing = Task { try await dispatcher.fire(Order()) }
        await gate.arrivals(1)
        firing.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await firing.value }
        #expect(journal.entries == ["asked true true", "1 fireFailed", "2 fireFailed"])
    }

    @Test func `an operation that throws drops it`() async throws {
        observe()
        try subscribe {
            On(Order.self) { Phase(.before) { Handle { [journal] order in try Self.ask(order, journal) } } }
        }
        await #expect(throws: Failure.self) { try await dispatcher.fire(Order()) { throw Failure() } }
        #expect(journal.entries == ["asked true true", "1 fireFailed", "2 fireFailed"])
    }

    @Test func `an operation that a stop keeps from running drops it`() async throws {
        observe()
        try subscribe {
            On(Order.self) {
                Phase(.before) {
                    Handle { [journal] order in
                        DispatchContext.current?.stop()
                        return try Self.ask(order, journal)
                    }
                }
            }
        }
        _ = try await dispatcher.fireReporting(Order()) {}
        #expect(journal.entries == ["asked true true", "1 fireFailed", "2 fireFailed"])
    }

    @Test func `its failure goes to observers and changes no report`() async throws {
        dispatcher.observe(with: JournalObserver(journal: journal))
        try subscribe {
            On(Order.self) {
                Handle("order") { _ in
                    DispatchContext.current?.fireAfterwards(Ping()); return 1
                }
            }
            On(Ping.self) { Handle("ping") { _ in throw Failure() } }
        }
        for _ in 0..<2 {
            let report = try await dispatcher.fire(Order())
            #expect(report.matched == 1)
            #expect(report.outcomes.isEmpty)
        }
        let failed = journal.entries.filter { $0.hasPrefix("end") && $0.contains(" ping during failed") }
        #expect(failed.count == 2)
    }

    @Test(arguments: [true, false]) func `what it asks for comes next and before the others`(isPosted: Bool)
        async throws
    {
        let journal = journal
        try subscribe {
            On(Ping.self) {
                Handle { ping in
                    journal.note("ping \(ping.count)")
                    DispatchContext.current?.fireAfterwards(Letter(ping.count))
                    if ping.count < 2 { DispatchContext.current?.fireAfterwards(Ping(count: ping.count + 1)) }
                }
            }
            On(Order.self) {
                Handle { _ in
                    DispatchContext.current?.fireAfterwards(Ping(count: 1))
                    DispatchContext.current?.fireAfterwards(Letter(9))
                    return 1
                }
            }
        }
        if isPosted {
            try await dispatcher.post(Order())
            await dispatcher.drain()
        } else {
            try await dispatcher.fire(Order())
        }
        #expect(
            journal.entries == [
                "ping 1", "letter 1 of Letter", "ping 2", "letter 2 of Letter", "letter 9 of Letter",
            ]
        )
    }

    @Test(arguments: [true, false]) func `a circle ends at the depth that fires may be nested`(isSynchronous: Bool)
        async throws
    {
        let dispatcher = EventDispatcher(maximumDepth: 5)
        let journal = Journal()
        dispatcher.observe(with: DropObserver(journal: journal))
        bag.insert(
            try dispatcher.on(Letter.self) { letter in
                journal.note("\(letter.number)")
                DispatchContext.current?.fireAfterwards(Letter(letter.number + 1))
            }
        )
        if isSynchronous { try dispatcher.fireSynchronously(Letter(0)) } else { try await dispatcher.fire(Letter(0)) }
        #expect(journal.entries == ["0", "1", "2", "3", "4", "5", "6 nestedTooDeep"])
    }

    @Test func `after a synchronous fire one that has to be awaited is posted`() async throws {
        let (gate, journal) = (Gate(), journal)
        try subscribe {
            On(Order.self) {
                Handle { order in
                    DispatchContext.current?.fireAfterwards(Ping()); return try Self.ask(order, journal)
                }
            }
            On(Ping.self) {
                Handle { _ in
                    try await gate.wait()
                    journal.note("ping")
                }
            }
        }
        try dispatcher.fireSynchronously(Order())
        #expect(journal.entries == ["asked true true", "letter 1 of Letter", "letter 2 of Letter"])
        gate.open()
        await dispatcher.drain()
        #expect(journal.entries.last == "ping")
    }

    @Test func `one that finds the queue full is dropped and told`() async throws {
        let dispatcher = EventDispatcher(postPolicy: .reject(capacity: 1))
        let (gate, journal) = (Gate(), Journal())
        dispatcher.observe(with: DropObserver(journal: journal))
        bag.insert(try dispatcher.on(Letter.self) { _ in await gate.waitIgnoringCancellation() })
        bag.insert(try dispatcher.on(Ping.self) { _ in DispatchContext.current?.fireAfterwards(Letter(7)) })
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        try await dispatcher.post(Letter(1))
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["7 queueFull"])
        gate.open()
        await dispatcher.drain()
    }

    @Test func `a handler that is left behind finds its fire over`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let (gate, journal) = (Gate(), Journal())
        dispatcher.observe(with: DropObserver(journal: journal))
        let late = try dispatcher.on(
            Ping.self,
            Handle { _ in
                await gate.waitIgnoringCancellation()
                journal.note("\(DispatchContext.current?.fireAfterwards(Letter(1)) ?? true)")
            }.timeout(.seconds(1), grace: .zero)
        )
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(1))
        _ = try await report
        gate.open()
        await late.cancelAndWait()
        #expect(journal.entries == ["1 fireEnded", "false"])
    }

    @Test(arguments: [true, false]) func `a context that is kept beyond its fire finds it over`(isAsynchronous: Bool)
        async throws
    {
        let kept = Locked<DispatchContext?>(nil)
        let keeping =
            if isAsynchronous {
                try dispatcher.on(Ping.self) { _ in
                    await Task.yield()
                    kept.withLock { $0 = DispatchContext.current }
                }
            } else {
                try dispatcher.on(Ping.self) { _ in kept.withLock { $0 = DispatchContext.current } }
            }
        try await dispatcher.fire(Ping())
        let context = try #require(kept.withLock { $0 })
        observe()
        #expect(!context.fireAfterwards(Letter(1)))
        #expect(!context.fireAfterwards(Letter(2)))
        #expect(journal.entries == ["1 fireEnded", "2 fireEnded"])
        keeping.cancel()
    }

    @Test(arguments: [true, false]) func `a stop waits for what is fired afterwards`(isPosted: Bool) async throws {
        let (gate, tasks, journal) = (Gate(), SerialTasks(), journal)
        try subscribe {
            On(Order.self) {
                Handle { _ in
                    DispatchContext.current?.fireAfterwards(Ping()); return 1
                }
            }
            On(Ping.self) {
                Handle { _ in
                    await gate.waitIgnoringCancellation()
                    DispatchContext.current?.fireAfterwards(Letter(5))
                }
            }
        }
        let firing = Task {
            if isPosted { try await dispatcher.post(Order()) } else { try await dispatcher.fire(Order()) }
        }
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in
            let report = await dispatcher.stop()
            journal.note("stopped \(report.isComplete)")
        }
        gate.open()
        await stop.value
        try await firing.value
        #expect(journal.entries == ["letter 5 of Letter", "stopped true"])
    }

    @Test(arguments: [true, false], [true, false])
    func `a handler that is fired afterwards can stop the dispatcher`(isPosted: Bool, isOfOther: Bool) async throws {
        observe()
        let (other, journal) = (EventDispatcher(), journal)
        let stopping = isOfOther ? other : dispatcher
        bag.insert(
            try stopping.on(Ping.self) { [dispatcher] _ in
                await dispatcher.drain()
                let report = await dispatcher.stop()
                journal.note("stopped \(report.firesInProgress)")
            }
        )
        bag.insert(try other.on(Sample<Int>.self) { _ in DispatchContext.current?.fireAfterwards(Ping()) })
        try subscribe {
            On(Order.self) {
                Handle { _ in
                    if isOfOther {
                        try other.fireSynchronously(Sample(1))
                    } else {
                        DispatchContext.current?.fireAfterwards(Ping())
                    }
                    DispatchContext.current?.fireAfterwards(Letter(5))
                    return 1
                }
            }
        }
        if isPosted {
            try await dispatcher.post(Order())
            let hasStopped = await comesTrue { journal.entries.count == 2 }
            #expect(hasStopped)
        } else {
            try await dispatcher.fire(Order())
        }
        #expect(journal.entries.first?.hasPrefix("stopped") ?? false)
        #expect(journal.entries.last == "5 stopped")
    }

    @Test func `it is fired on the actor of the outermost call`() async throws {
        try subscribe {
            On(Order.self) {
                Handle { _ in
                    DispatchContext.current?.fireAfterwards(Ping()); return 1
                }
            }
            On(Ping.self) {
                Handle { _ in
                    await Task.yield()
                    MainActor.assertIsolated()
                    journal.note("ran")
                }
            }
        }
        let fire: @MainActor (EventDispatcher) async throws -> Void = { try await $0.fire(Order()) }
        try await fire(dispatcher)
        #expect(journal.entries == ["ran"])
    }

    @Test func `what a model's operation replaced keeps what was asked before`() async throws {
        let journal = journal
        bag.insert(try dispatcher.register(NotingModels(journal: journal)))
        let saved = try await dispatcher.performing(.create, on: 3) {
            DispatchContext.current?.fireAfterwards(Letter(1))
            return 4
        }
        #expect(saved == 4)
        #expect(journal.entries == ["did 4", "letter 1 of Letter"])
    }

    @Test func `every event is fired or told however many fire and are left behind`() async throws {
        let (fired, dropped) = (Tally(), Tally())
        let dispatcher = EventDispatcher()
        dispatcher.observe(with: CountingDrops(tally: dropped))
        bag.insert(try dispatcher.on(Letter.self) { _ in fired.increment() })
        bag.insert(
            try dispatcher.on(Ping.self) { _ in
                await Task.yield()
                guard let context = DispatchContext.current else { return }
                // Not waited for, so that it asks while the fire ends.
                Task.detached { context.fireAfterwards(Letter(1)) }
            }
        )
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { for _ in 0..<500 { _ = try? await dispatcher.fire(Ping()) } } }
        }
        let allAreKnown = await comesTrue { fired.value + dropped.value == 2_000 }
        #expect(allAreKnown)
    }
}

private struct CountingDrops: DispatchObserver {
    let tally: Tally

    func dropped(_ event: any MatchableEvent, reason: DropReason) { tally.increment() }
}

private struct NotingModels: ModelObserver {
    let journal: Journal

    func created(_ model: Int) { journal.note("did \(model)") }
}
