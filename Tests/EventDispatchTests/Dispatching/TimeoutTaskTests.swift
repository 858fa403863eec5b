import EventDispatch
import EventDispatchTesting
import Testing

/// Line 9 of the contract: the task of a handler with a time-out has what a child of the firing task would have.
@Suite(.timeLimit(.minutes(10))) struct TimeoutTaskTests {
    private let dispatcher = EventDispatcher(clock: ManualClock())
    private let journal = Journal()
    private let gate = Gate()

    /// Registers a handler with a time-out beside one without.
    private func subscribe(_ body: nonisolated(nonsending) @escaping @Sendable () async -> Void) throws {
        _ = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in await body() }.timeout(.seconds(1))
                Handle { _ in await body() }
            }
        }
    }

    @Test func `a higher priority of the firing task reaches the handler`() async throws {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
        try subscribe { [gate, journal] in
            await gate.waitIgnoringCancellation()
            journal.note("\(Task.currentPriority == .high)")
        }
        let fire = Task(priority: .low) { [dispatcher] in try await dispatcher.fire(Ping()) }
        await gate.arrivals(2)
        fire.escalatePriority(to: .high)
        gate.open()
        #expect(try await fire.value.succeeded == 2)
        #expect(journal.entries == ["true", "true"])
    }

    @Test func `a priority that was raised before the fire reaches the handler`() async throws {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
        try subscribe { [journal] in
            await Task.yield()
            journal.note("\(Task.currentPriority == .high)")
        }
        let fire = Task(priority: .low) { [dispatcher, gate] in
            await gate.waitIgnoringCancellation()
            return try await dispatcher.fire(Ping())
        }
        await gate.arrivals(1)
        fire.escalatePriority(to: .high)
        gate.open()
        #expect(try await fire.value.succeeded == 2)
        #expect(journal.entries == ["true", "true"])
    }

    @Test func `the preferred executor of the firing task is the handlers`() async throws {
        guard #available(macOS 26.4, iOS 26.4, tvOS 26.4, watchOS 26.4, visionOS 26.4, *) else { return }
        let tasks = SerialTasks()
        let note: @Sendable () -> Void = { [journal] in
            let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor }
            journal.note("\(executor == tasks.asUnownedTaskExecutor())")
        }
        try subscribe {
            note()
            await Task.yield()
            note()
        }
        let fire = await tasks.start { [dispatcher] in try? await dispatcher.fire(Ping()).succeeded }
        #expect(await fire.value == 2)
        #expect(journal.entries == ["true", "true", "true", "true"])
    }
}
