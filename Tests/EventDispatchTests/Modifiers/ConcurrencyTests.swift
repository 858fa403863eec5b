import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Handlers of which only so many run at a time.
@Suite(.timeLimit(.minutes(10))) struct ConcurrencyTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let gate = Gate()
    private let bag = SubscriptionBag()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    @Test func `runs wait in the order in which they came`() async throws {
        let tasks = SerialTasks()
        try subscribe {
            On(Ping.self) {
                Handle { event in
                    journal.note("\(event.count)")
                    if event.count == 0 { try await gate.wait() }
                    await Task.yield()
                }
                .concurrency(1)
            }
        }
        var fires: [Task<Bool, Never>] = []
        for count in 0..<20 {
            fires.append(await tasks.start { [dispatcher] in (try? await dispatcher.fire(Ping(count: count))) != nil })
        }
        #expect(journal.entries == ["0"])
        gate.open()
        for fire in fires { #expect(await fire.value) }
        #expect(journal.entries == (0..<20).map { "\($0)" })
    }

    @Test func `no more run at a time than the number says`() async throws {
        let running = Locked((now: 0, most: 0))
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    running.withLock { running in
                        running.now += 1
                        running.most = max(running.most, running.now)
                    }
                    await Task.yield()
                    await Task.yield()
                    running.withLock { $0.now -= 1 }
                }
                .concurrency(3)
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for count in 0..<scaled(200, full: 10_000) {
                group.addTask { _ = try? await dispatcher.fire(Ping(count: count)) }
            }
        }
        #expect(running.withLock { $0.now } == 0)
        #expect((1...3).contains(running.withLock { $0.most }))
    }

    @Test func `values of a key have their own places`() async throws {
        try subscribe {
            On(Letter.self) {
                Handle { event in
                    journal.note("\(event.producer)")
                    try await gate.wait()
                }
                .concurrency(1, per: \.producer)
            }
        }
        let fires = [1, 1, 2].map { producer in Task { try await dispatcher.fire(Letter(0, of: producer)) } }
        await gate.arrivals(2)
        #expect(Set(journal.entries) == ["1", "2"])
        #expect(journal.entries.count == 2)
        gate.open()
        for fire in fires { _ = try await fire.value }
        #expect(journal.entries.sorted() == ["1", "1", "2"])
    }

    @Test func `several have to have room`() async throws {
        let tasks = SerialTasks()
        try subscribe {
            On(Letter.self) {
                Handle { event in
                    journal.note("\(event.producer)\(event.number)")
                    try await gate.wait()
                }
                .concurrency(1, per: \.producer).concurrency(2)
            }
        }
        var fires: [Task<Bool, Never>] = []
        for (producer, number) in [(1, 1), (1, 2), (2, 1), (3, 1)] {
            fires.append(
                await tasks.start { [dispatcher] in (try? await dispatcher.fire(Letter(number, of: producer))) != nil }
            )
        }
        #expect(journal.entries == ["11", "21"])
        gate.open()
        for fire in fires { #expect(await fire.value) }
        #expect(Set(journal.entries) == ["11", "12", "21", "31"])
    }

    @Test func `a fire that is cancelled stops waiting and gives its start back`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { event in
                    journal.note("\(event.count)")
                    await gate.waitIgnoringCancellation()
                }
                .concurrency(1).limit(2)
            }
        }
        let first = Task { try await dispatcher.fire(Ping(count: 1)) }
        await gate.arrivals(1)
        let second = Task { try await dispatcher.fireReporting(Ping(count: 2)) }
        second.cancel()
        #expect(try await second.value.outcomes.map { "\($0.result)" } == ["cancelled"])
        gate.open()
        _ = try await first.value
        #expect(dispatcher.handlers.map(\.limitLeft) == [1])
        try await dispatcher.fire(Ping(count: 3))
        #expect(journal.entries == ["1", "3"])
    }

    @Test func `a fire that stops waiting for one place gives the others back`() async throws {
        let tasks = SerialTasks()
        try subscribe {
            On(Letter.self) {
                Handle { event in
                    journal.note("\(event.producer)")
                    try await gate.wait()
                }
                .concurrency(1, per: \.producer).concurrency(1)
            }
        }
        let first = await tasks.start { [dispatcher] in try? await dispatcher.fire(Letter(0, of: 1)) }
        // It has the place of its value, and waits for the other.
        let second = await tasks.start { [dispatcher] in try? await dispatcher.fireReporting(Letter(0, of: 2)) }
        second.cancel()
        #expect(await second.value?.outcomes.map { "\($0.result)" } == ["cancelled"])
        gate.open()
        _ = await first.value
        let third = Task { try await dispatcher.fire(Letter(0, of: 2)).succeeded }
        #expect(try await third.value == 1)
        #expect(journal.entries == ["1", "2"])
    }

    @Test func `one that waits doesn't start when its subscription is cancelled or its fire stopped`() async throws {
        let tasks = SerialTasks()
        let subscription = try dispatcher.on(
            Ping.self,
            Handle { event in
                journal.note("\(event.count)")
                try await gate.wait()
            }
            .concurrency(1)
        )
        let first = await tasks.start { [dispatcher] in try? await dispatcher.fireReporting(Ping(count: 1)) }
        let second = await tasks.start { [dispatcher] in try? await dispatcher.fireReporting(Ping(count: 2)) }
        subscription.cancel()
        gate.open()
        #expect(await first.value?.succeeded == 1)
        #expect(await second.value?.outcomes.map { "\($0.result)" } == ["skipped: unsubscribed"])
        await subscription.cancelAndWait()
        #expect(journal.entries == ["1"])
    }

    @Test func `a run can cancel its subscription and wait while others wait for its place`() async throws {
        let tasks = SerialTasks()
        try subscribe {
            On(Ping.self) {
                Handle { event in
                    journal.note("\(event.count)")
                    try await gate.wait()
                    await DispatchContext.current?.subscription?.cancelAndWait()
                }
                .concurrency(1)
            }
        }
        let first = await tasks.start { [dispatcher] in try? await dispatcher.fireReporting(Ping(count: 1)) }
        let second = await tasks.start { [dispatcher] in try? await dispatcher.fireReporting(Ping(count: 2)) }
        gate.open()
        let hasEnded = await ends { _ = await first.value }
        #expect(hasEnded)
        #expect(await first.value?.succeeded == 1)
        #expect(await second.value?.outcomes.map { "\($0.result)" } == ["skipped: unsubscribed"])
        #expect(journal.entries == ["1"])
    }

    @Test func `the time-out begins with the start`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let tasks = SerialTasks()
        let subscription = try dispatcher.on(
            Ping.self,
            Handle { event in
                journal.note("\(event.count) at \(clock.now.offset.components.seconds)")
                try await gate.wait()
            }
            .timeout(.seconds(5)).concurrency(1)
        )
        let first = await tasks.start { try? await dispatcher.fireReporting(Ping(count: 1)) }
        let second = await tasks.start { try? await dispatcher.fireReporting(Ping(count: 2)) }
        await clock.sleepers(1)
        clock.advance(by: .seconds(5))
        await gate.arrivals(2)
        #expect(journal.entries == ["1 at 0", "2 at 5"])
        gate.open()
        #expect(await first.value?.outcomes.map { "\($0.result)" } == ["timed out"])
        #expect(await second.value?.succeeded == 1)
        subscription.cancel()
    }

    @Test func `one that is left behind has its place until it ends`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let subscription = try dispatcher.on(
            Ping.self,
            Handle { event in
                journal.note("\(event.count)")
                await gate.waitIgnoringCancellation()
            }
            .timeout(.seconds(1), grace: .zero).concurrency(1)
        )
        async let first = dispatcher.fireReporting(Ping(count: 1))
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        #expect(try await first.outcomes.map { "\($0.result)" } == ["timed out, still running"])
        let second = Task { try await dispatcher.fireReporting(Ping(count: 2)) }
        letOthersErr()
        #expect(journal.entries == ["1"])
        gate.open()
        #expect(try await second.value.succeeded == 1)
        #expect(journal.entries == ["1", "2"])
        subscription.cancel()
    }

    @Test func `a run that would wait for itself fails with its path`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle("loop") { event in
                    try await DispatchContext.current?.dispatcher.fire(Ping(count: event.count + 1))
                }
                .concurrency(1)
            }
        }
        let report = try await dispatcher.fireReporting(Ping())
        let inner = report.outcomes.first?.error as? DispatchFailure
        let error = inner?.errors.first as? DispatchError
        #expect(error?.code == .waitsForItself)
        #expect(error?.message.contains("EventDispatchTests.Ping → EventDispatchTests.Ping") == true)
        #expect(error?.message.hasPrefix("'loop' at ") == true)
        // Its place is free again.
        #expect(try await dispatcher.fireReporting(Ping()).matched == 1)
    }

    @Test func `a run of any event that would wait for itself fails whatever the types of the events`() async throws {
        try subscribe {
            OnAny {
                Handle { event in
                    if event.base is Ping { try await DispatchContext.current?.dispatcher.fire(Letter(1)) }
                }
                .concurrency(1)
            }
        }
        let report = try await dispatcher.fireReporting(Ping())
        let inner = report.outcomes.first?.error as? DispatchFailure
        #expect((inner?.errors.first as? DispatchError)?.code == .waitsForItself)
    }

    @Test func `a run that would wait for one that its fire left behind fails, whose event is gone by then`()
        async throws
    {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let subscription = try dispatcher.on(
            UserCreated.self,
            Handle { event in
                guard event.role == .user else { return }
                await gate.waitIgnoringCancellation()
                // Not in the handler's own task, which was cancelled when its time was up.
                let fire = Task {
                    try await DispatchContext.current?.dispatcher.fire(UserCreated(name: event.name, role: .admin))
                }
                do { _ = try await fire.value } catch {
                    journal.note(
                        "\(((error as? DispatchFailure)?.errors.first as? DispatchError)?.code == .waitsForItself)"
                    )
                }
            }
            .timeout(.seconds(1), grace: .zero).concurrency(1, per: \.name)
        )
        let name = String(repeating: "a long name ", count: 10)
        let fire = Task { try await dispatcher.fireReporting(UserCreated(name: name, role: .user)) }
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        #expect(try await fire.value.timedOut == 1)
        // What was the event's memory holds others now.
        let others = (0..<100).map { count in
            let other = UnsafeMutablePointer<UserCreated>.allocate(capacity: 1)
            other.initialize(to: UserCreated(name: String(repeating: "\(count)", count: 40)))
            return other
        }
        defer {
            for other in others {
                other.deinitialize(count: 1)
                other.deallocate()
            }
        }
        gate.open()
        #expect(await comesTrue { !journal.entries.isEmpty })
        #expect(journal.entries == ["true"])
        subscription.cancel()
    }

    /// Ways in which one run has what another waits for.
    enum Holding: CaseIterable, Sendable { case slot, room, slotOfDetached }

    @Test(arguments: Holding.allCases, [false, true])
    func `a run that others wait for can stop and drain`(holding: Holding, stops: Bool) async throws {
        let tasks = SerialTasks()
        let work = Handle<Ping> { event in
            journal.note("\(event.count)")
            guard event.count == 1 else { return }
            try await gate.wait()
            if stops { await dispatcher.stop() } else { await dispatcher.drain() }
            journal.note("ended")
        }
        let handle =
            switch holding {
            case .slot: work.concurrency(1)
            case .room: work.detached(atMost: 1)
            case .slotOfDetached: work.detached().concurrency(1)
            }
        try subscribe { On(Ping.self) { handle } }
        let first = await tasks.start { [dispatcher] in try? await dispatcher.fire(Ping(count: 1)).matched }
        await gate.arrivals(1)
        let second = await tasks.start { [dispatcher] in try? await dispatcher.fire(Ping(count: 2)).matched }
        gate.open()
        #expect(await first.value == 1)
        #expect(await second.value == 1)
        await dispatcher.stop()
        #expect(journal.entries == ["1", "ended", "2"])
    }

    @Test func `a run inside one of another value has a place of its own`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { event in
                    journal.note("\(event.count)")
                    if event.count < 3 {
                        try await DispatchContext.current?.dispatcher.fire(Ping(count: event.count + 1))
                    }
                }
                .concurrency(1, per: \.count)
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["0", "1", "2", "3"])
    }

    @Test func `it holds for detached runs and for all types of any event together`() async throws {
        let running = Locked((now: 0, most: 0))
        try subscribe {
            OnAny {
                Handle { _ in
                    running.withLock { running in
                        running.now += 1
                        running.most = max(running.most, running.now)
                    }
                    await Task.yield()
                    await Task.yield()
                    running.withLock { $0.now -= 1 }
                    journal.note("ran")
                }
                .detached().concurrency(1)
            }
        }
        for count in 0..<10 {
            try await dispatcher.fire(Ping(count: count))
            try await dispatcher.fire(SignedIn())
        }
        await dispatcher.drain()
        #expect(journal.entries.count == 20)
        #expect(running.withLock { $0.most } == 1)
    }

    @Test func `cancelled waits and runs in any order leave every place free`() async throws {
        try subscribe {
            On(Letter.self) { Handle { _ in await Task.yield() }.concurrency(2, per: \.producer).concurrency(3) }
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<scaled(300, full: 10_000) {
                group.addTask {
                    let fire = Task { _ = try? await dispatcher.fire(Letter(number, of: number % 5)) }
                    if number % 3 == 0 { fire.cancel() }
                    await fire.value
                }
            }
        }
        // Were a place lost, these would wait for ever.
        for producer in 0..<5 { #expect(try await dispatcher.fire(Letter(0, of: producer)).succeeded == 1) }
    }

    @Test func `only values that have runs or waiting ones take memory`() async throws {
        final class Value: Hashable, Sendable {
            static func == (left: Value, right: Value) -> Bool { left === right }
            func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
        }
        let subscription = try dispatcher.on(
            NamedEvent<Value>.self,
            Handle { _ in try await gate.wait() }.concurrency(1, per: \.payload)
        )
        weak var value: Value?
        do {
            let kept = Value()
            value = kept
            let fires = (0..<3).map { _ in Task { try await dispatcher.fire(NamedEvent("a", kept)) } }
            await gate.arrivals(1)
            fires[2].cancel()
            gate.open()
            for fire in fires { _ = try? await fire.value }
        }
        #expect(value == nil)
        #expect(subscription.isActive)
        subscription.cancel()
    }
}
