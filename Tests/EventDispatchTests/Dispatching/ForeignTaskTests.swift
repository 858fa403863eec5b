import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Line 8 of the contract: what runs on a handler's thread and is not the handler's, as in a run loop that it runs.
@Suite(.timeLimit(.minutes(10))) struct ForeignTaskTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    /// What the handler's thread runs meanwhile.
    private let loop = HeldJobs()

    private func notePath(_ prefix: String) {
        journal.note("\(prefix) \(DispatchContext.current?.path.joined(separator: ">") ?? "outside")")
    }

    @Test(arguments: [false, true])
    func `a task that runs on a handlers thread is not inside the handler`(isFiredInATask: Bool) async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    loop.start { notePath("task") }
                    loop.run()
                    notePath("handler")
                }
            }
        }
        if isFiredInATask {
            try await dispatcher.fire(Ping())
        } else {
            _ = await onThread { [dispatcher] in try? dispatcher.fireSynchronously(Ping()).succeeded }
        }
        #expect(journal.entries == ["task outside", "handler \(Ping.eventName)"])
        subscription.cancel()
    }

    @Test func `a fire from such a task is not nested in the handlers`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [dispatcher] _ in
                    loop.start { _ = try? await dispatcher.fire(Letter(1)) }
                    loop.run()
                    try dispatcher.fireSynchronously(Letter(2))
                }
            }
            On(Letter.self) { Handle { letter in notePath("\(letter.number)") } }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["1 Letter", "2 \(Ping.eventName)>Letter"])
        subscription.cancel()
    }

    @Test func `under the fire of such a task the handler's own are still nested`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [dispatcher] _ in
                    loop.start { _ = try? await dispatcher.fire(UserCreated()) }
                    loop.run()
                    notePath("handler")
                }
            }
            On(UserCreated.self) {
                Handle { [dispatcher] _ in
                    loop.start { notePath("task") }
                    loop.run()
                    try dispatcher.fireSynchronously(Letter(1))
                }
            }
            On(Letter.self) { Handle { letter in notePath("letter") } }
        }
        try await dispatcher.fire(Ping())
        #expect(
            journal.entries == [
                "task outside", "letter \(UserCreated.eventName)>Letter", "handler \(Ping.eventName)",
            ]
        )
        subscription.cancel()
    }

    @Test func `after the stop a fire from such a task is refused`() async throws {
        let stopped = Flag()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [dispatcher] _ in
                    loop.start {
                        await dispatcher.stop()
                        stopped.set()
                    }
                    loop.run()
                    loop.start {
                        do { try await dispatcher.fire(UserCreated()) } catch {
                            journal.note("\((error as? DispatchError)?.code.description ?? "\(error)")")
                        }
                    }
                    loop.run()
                    try dispatcher.fireSynchronously(UserCreated())
                }
            }
            On(UserCreated.self) { Handle { _ in notePath("fired") } }
        }
        try await dispatcher.fire(Ping())
        let hasStopped = await comesTrue { [loop] in
            loop.run()
            return stopped.isSet
        }
        #expect(hasStopped)
        #expect(journal.entries == ["stopped", "fired \(Ping.eventName)>\(UserCreated.eventName)"])
        subscription.cancel()
    }

    @Test func `a task that a handler starts in place is not inside it before its first suspension either`()
        async throws
    {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
        let subscription = try dispatcher.on(Ping.self) { _ in
            Task.immediate { notePath("task") }
            notePath("handler")
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["task outside", "handler \(Ping.eventName)"])
        subscription.cancel()
    }

    @Test func `an observer's task is not inside the fire it is told of`() async throws {
        struct Running: DispatchObserver {
            let run: @Sendable () -> Void
            func fireStarted(_ fire: ObservedFire) { run() }
        }
        let observation = dispatcher.observe(
            with: Running { [loop, self] in
                loop.start { notePath("task") }
                loop.run()
                notePath("observer")
            }
        )
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["task outside", "observer \(Ping.eventName)"])
        observation.cancel()
    }
}
