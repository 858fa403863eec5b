import EventDispatch
import EventDispatchTesting
import Testing

/// Line 11 of the contract: `stop` from inside a handler.
@Suite(.timeLimit(.minutes(10))) struct StopFromHandlerTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let gate = Gate()
    private let tasks = SerialTasks()

    @Test func `a handler of a fired event can stop its dispatcher`() async throws {
        let subscription = try dispatcher.on(Ping.self) { [dispatcher, journal] _ in
            journal.note("\(await dispatcher.stop().firesInProgress)")
        }
        let ended = await ends { [dispatcher] in _ = try? await dispatcher.fire(Ping()) }
        #expect(ended)
        #expect(journal.entries == ["1"])
        await #expect(throws: DispatchError.self) { try await dispatcher.fire(Ping()) }
        subscription.cancel()
    }

    @Test func `a handler of a nested fire can stop its dispatcher`() async throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) { Handle { _ in try await dispatcher.fire(Ping()) } }
            On(Ping.self) { Handle { _ in journal.note("\(await dispatcher.stop().firesInProgress)") } }
        }
        let ended = await ends { [dispatcher] in _ = try? await dispatcher.fire(UserCreated()) }
        #expect(ended)
        #expect(journal.entries == ["2"])
        subscription.cancel()
    }

    @Test func `it does wait for the fires of others`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    _ = await dispatcher.stop()
                    journal.note("stopped")
                }
            }
            On(UserCreated.self) {
                Handle { _ in
                    try await gate.wait()
                    journal.note("handled")
                }
            }
        }
        let other = Task { [dispatcher] in try await dispatcher.fire(UserCreated()) }
        await gate.arrivals(1)
        let stopping = await tasks.start { [dispatcher] in _ = try? await dispatcher.fire(Ping()) }
        #expect(journal.entries.isEmpty)
        gate.open()
        await stopping.value
        _ = try await other.value
        #expect(journal.entries == ["handled", "stopped"])
        subscription.cancel()
    }

    @Test func `two tasks of one handler that stop count as one fire`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    async let one = dispatcher.stop()
                    async let other = dispatcher.stop()
                    _ = await (one, other)
                    journal.note("stopped")
                }
            }
            On(UserCreated.self) {
                Handle { _ in
                    await gate.waitIgnoringCancellation()
                    journal.note("handled")
                }
            }
        }
        let other = Task { [dispatcher] in try await dispatcher.fire(UserCreated()) }
        await gate.arrivals(1)
        let stopping = await tasks.start { [dispatcher] in _ = try? await dispatcher.fire(Ping()) }
        let hasComeTrue = await comesTrue { [dispatcher] in dispatcher.refuses(Letter(0)) }
        #expect(hasComeTrue)
        await tasks.start {}
        #expect(journal.entries.isEmpty)
        gate.open()
        await stopping.value
        _ = try await other.value
        #expect(journal.entries == ["handled", "stopped"])
        subscription.cancel()
    }

    @Test func `a handler of a posted event that stops drops the rest and reports it`() async throws {
        dispatcher.observe(with: DropObserver(journal: journal))
        let report = Locked<StopReport?>(nil)
        let subscription = try dispatcher.on(Letter.self) { [dispatcher, gate] _ in
            try await gate.wait()
            let stopped = await dispatcher.stop()
            report.withLock { $0 = stopped }
        }
        for number in 0..<3 { try await dispatcher.post(Letter(number)) }
        gate.open()
        let drained = await ends { [dispatcher] in await dispatcher.drain() }
        #expect(drained)
        let stopped = try #require(report.withLock { $0 })
        #expect(stopped.undelivered == ["Letter", "Letter"])
        #expect(stopped.firesInProgress == 1)
        #expect(stopped.dropped == 2)
        #expect(journal.entries == ["1 undelivered", "2 undelivered"])
        #expect(await dispatcher.refusal(of: Letter(9)) == .stopped)
        subscription.cancel()
    }

    @Test func `a handler of a posted event can stop and start again`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [dispatcher, journal] letter in
            journal.note("\(letter.number)")
            guard letter.number == 0 else { return }
            _ = await dispatcher.stop()
            dispatcher.start()
            try await dispatcher.post(Letter(1))
        }
        try await dispatcher.post(Letter(0))
        let drained = await ends { [dispatcher] in await dispatcher.drain() }
        #expect(drained)
        #expect(journal.entries == ["0", "1"])
        subscription.cancel()
    }

    @Test func `two handlers of one fire can both stop`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                for name in ["a", "b"] {
                    Handle { _ in
                        try await gate.wait()
                        _ = await dispatcher.stop()
                        journal.note(name)
                    }
                }
            }
        }
        let fire = Task { [dispatcher] in try? await dispatcher.fire(Ping()) }
        await gate.arrivals(2)
        gate.open()
        let ended = await ends { _ = await fire.value }
        #expect(ended)
        #expect(journal.entries.sorted() == ["a", "b"])
        subscription.cancel()
    }

    @Test func `handlers of two fires that both stop do not wait for each other`() async throws {
        let subscription = try dispatcher.on(Ping.self) { [dispatcher, gate] _ in
            try await gate.wait()
            _ = await dispatcher.stop()
        }
        let fires = (0..<2).map { _ in Task { [dispatcher] in _ = try? await dispatcher.fire(Ping()) } }
        await gate.arrivals(2)
        gate.open()
        let ended = await ends { for fire in fires { await fire.value } }
        #expect(ended)
        for fire in fires { fire.cancel() }
        for fire in fires { await fire.value }
        subscription.cancel()
    }

    @Test func `a posted handler that stops and a fired one that drains do not wait for each other`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Handle { _ in
                    try await gate.wait()
                    _ = await dispatcher.stop()
                }
            }
            On(Ping.self) {
                Handle { _ in
                    try await gate.wait()
                    await dispatcher.drain()
                }
            }
        }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        let fire = Task { [dispatcher] in _ = try? await dispatcher.fire(Ping()) }
        await gate.arrivals(2)
        gate.open()
        let ended = await ends { await fire.value }
        #expect(ended)
        fire.cancel()
        await fire.value
        await dispatcher.drain()
        subscription.cancel()
    }

    @Test func `a stop from outside waits for a handler that stops itself`() async throws {
        let dispatcher = EventDispatcher()
        let gate = Gate()
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in
            await DispatchContext.current?.dispatcher.stop()
            await gate.waitIgnoringCancellation()
            journal.note("handler ended")
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        let outsider = await tasks.start { [journal] in
            await dispatcher.stop()
            journal.note("stopped")
        }
        #expect(journal.entries.isEmpty)
        gate.open()
        await outsider.value
        #expect(journal.entries == ["handler ended", "stopped"])
        #expect(try await report.succeeded == 1)
        subscription.cancel()
    }

    @Test func `two stops at once from inside and outside wait differently`() async throws {
        let dispatcher = EventDispatcher()
        let outside = Gate()
        let inside = Gate()
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in
            await inside.waitIgnoringCancellation()
            await DispatchContext.current?.dispatcher.stop()
            journal.note("inner stop")
            await outside.waitIgnoringCancellation()
            journal.note("handler ended")
        }
        async let report = dispatcher.fireReporting(Ping())
        await inside.arrivals(1)
        let outsider = await tasks.start { [journal] in
            await dispatcher.stop()
            journal.note("outer stop")
        }
        inside.open()
        await outside.arrivals(1)
        await tasks.start {}
        #expect(journal.entries == ["inner stop"])
        outside.open()
        await outsider.value
        #expect(journal.entries == ["inner stop", "handler ended", "outer stop"])
        #expect(try await report.succeeded == 1)
        subscription.cancel()
    }

    @Test func `a handler that ignored its timeout can fire while the stop waits for it`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [journal] _ in
                    await gate.waitIgnoringCancellation()
                    let nested = try? await DispatchContext.current?.dispatcher.fireReporting(UserCreated())
                    journal.note(nested == nil ? "refused" : "fired")
                }
                .timeout(.seconds(1), grace: .zero)
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(1))
        #expect(try await report.matched == 1)
        async let stop = dispatcher.stop()
        #expect(await comesTrue { dispatcher.refuses(UserCreated()) })
        gate.open()
        #expect(await stop.isComplete)
        #expect(journal.entries == ["fired"])
        subscription.cancel()
    }

    @Test func `a handler that ignored its timeout can stop`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let hasStopped = Flag()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [gate] _ in
                    await gate.waitIgnoringCancellation()
                    _ = await dispatcher.stop()
                    hasStopped.set()
                }.timeout(.seconds(1), grace: .zero)
            }
        }
        let fire = Task { try await dispatcher.fireReporting(Ping()) }
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        _ = try await fire.value
        gate.open()
        let stopped = await comesTrue { hasStopped.isSet }
        #expect(stopped)
        #expect(await dispatcher.stop().isComplete)
        subscription.cancel()
    }

    @Test func `a task that a handler left behind waits for all fires when it stops`() async throws {
        let inner = Gate()
        let stopBegan = Gate(isOpen: true)
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { _ in
                    Task { try await dispatcher.fire(Ping()) }
                    await inner.arrivals(1)
                }
            }
            On(Ping.self) {
                Handle { [tasks] _ in
                    try await inner.wait()
                    let stop = await tasks.start { await dispatcher.stop() }
                    await stopBegan.waitIgnoringCancellation()
                    journal.note("other fires at the end of the stop: \(await stop.value.firesInProgress - 1)")
                }
            }
            On(Letter.self) { Handle { _ in try await gate.wait() } }
        }
        let other = Task { [dispatcher] in _ = try? await dispatcher.fire(Letter(0)) }
        await gate.arrivals(1)
        try await dispatcher.fire(UserCreated())
        inner.open()
        await stopBegan.arrivals(1)
        await tasks.start {}
        gate.open()
        await other.value
        let hasStopped = await comesTrue { [journal] in !journal.entries.isEmpty }
        #expect(hasStopped)
        #expect(journal.entries == ["other fires at the end of the stop: 0"])
        subscription.cancel()
    }

    @Test func `a handler can stop another dispatcher that its fire does not wait for`() async throws {
        let other = EventDispatcher()
        let others = try other.on(Letter.self) { [journal] _ in
            await Task.yield()
            journal.note("handled")
        }
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in
            try await other.post(Letter(0))
            #expect(await other.stop().isComplete)
            journal.note("stopped")
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["handled", "stopped"])
        subscription.cancel()
        others.cancel()
    }
}
