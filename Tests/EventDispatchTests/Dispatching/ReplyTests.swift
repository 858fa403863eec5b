import EventDispatch
import EventDispatchTesting
import Testing

/// Asking one handler.
@Suite(.timeLimit(.minutes(10))) struct ReplyTests {
    private struct Asked: MatchableEvent {
        typealias Reply = Int?
        enum Phases: EventPhases {
            case check, answer, after
            static var main: Self { .answer }
            var isGate: Bool { self == .check }
        }
        var number = 1

        static var eventName: String { "Asked" }

        struct MatchKeys: MatchKeySet {
            let number = Key(\.number)
        }
    }

    private struct Failure: Error, Equatable {}

    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()
    private let bag = SubscriptionBag()

    init() { dispatcher = EventDispatcher(clock: clock) }

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    /// The error of asking; nil when there is a reply.
    private func refusal(of event: Asked = Asked()) async -> DispatchError? {
        await #expect(throws: DispatchError.self) { _ = try await dispatcher.reply(to: event) }
    }

    @Test(arguments: [true, false]) func `the one handler that matches replies`(isAsynchronous: Bool) async throws {
        try subscribe {
            On(Asked.self) {
                Where(\.number == 1)
                if isAsynchronous {
                    Handle { asked in
                        await Task.yield()
                        return asked.number * 10
                    }
                } else {
                    Handle { asked in asked.number * 10 }
                }
            }
            On(Asked.self) {
                Where(\.number == 2)
                Phase(.after) { Handle { _ in nil } }
            }
        }
        #expect(try await dispatcher.reply(to: Asked()) == 10)
        #expect(try await dispatcher.reply(to: Asked(number: 2)) == nil)
    }

    @Test func `an event that nobody answers is refused`() async throws {
        try subscribe {
            On(Asked.self) {
                Where(\.number == 2); Handle { _ in 1 }
            }
        }
        let error = await refusal()
        #expect(error?.code == .noHandler)
        #expect(error?.message == "Asked has no reply: no handler matches")
        #expect(error?.location.fileID == #fileID)
    }

    @Test func `several that would answer are refused and none runs`() async throws {
        try subscribe {
            On(Asked.self) {
                Phase(.check) {
                    Handle("first", line: 1) { _ in
                        journal.note("first"); return 1
                    }
                }
                Handle("second", line: 2) { _ in
                    journal.note("second"); return 2
                }
            }
            OnAny { _ in journal.note("watched") }
        }
        let error = await refusal()
        #expect(error?.code == .severalHandlers)
        #expect(
            error?.message
                == "Asked has no one reply: 2 handlers match: 'first' at \(#fileID):1, 'second' at \(#fileID):2"
        )
        #expect(journal.entries.isEmpty)
    }

    @Test func `of many that would answer some are named`() async throws {
        try subscribe { On(Asked.self) { for number in 1...9 { Handle("h\(number)") { _ in number } } } }
        let message = await refusal()?.message ?? ""
        #expect(message.contains("9 handlers match"))
        #expect(message.contains("'h5'"))
        #expect(!message.contains("'h6'"))
        #expect(message.hasSuffix("and 4 others"))
    }

    @Test func `a muted handler is not asked`() async throws {
        try subscribe { On(Asked.self) { Handle { _ in 1 } } }
        let other = try dispatcher.subscribe { On(Asked.self) { Handle { _ in 2 } } }
        let reply = try await other.muted { try await dispatcher.reply(to: Asked()) }
        #expect(reply == 1)
        other.cancel()
    }

    @Test func `a handler without a start left is not asked`() async throws {
        try subscribe {
            On(Asked.self) {
                Handle { _ in 1 }.limit(1, per: \.number)
                Handle { _ in 2 }
            }
        }
        #expect(await refusal()?.code == .severalHandlers)
        bag.insert(try dispatcher.subscribe { On(Letter.self) { Handle { _ in } } })
        try await dispatcher.fire(Asked())
        #expect(try await dispatcher.reply(to: Asked()) == 2)
        #expect(await refusal(of: Asked(number: 2))?.code == .severalHandlers)
    }

    @Test func `asking uses up the limit of the one that is asked`() async throws {
        try subscribe { On(Asked.self) { Handle { _ in 1 }.once() } }
        #expect(try await dispatcher.reply(to: Asked()) == 1)
        #expect(await refusal()?.code == .noHandler)
    }

    @Test func `the error of the handler comes out as it is`() async throws {
        try subscribe { On(Asked.self) { Handle { _ in throw Failure() } } }
        await #expect(throws: Failure()) { _ = try await dispatcher.reply(to: Asked()) }
    }

    @Test func `a failure in a gate before it comes out as a failure`() async throws {
        // The only handlers beside the one that is asked are those of any event, and these run in the main phase.
        enum Gated: EventPhases {
            case main, answer
            var isGate: Bool { self == .main }
        }
        struct Guarded: MatchableEvent {
            typealias Reply = Int
            typealias Phases = Gated
        }
        try subscribe {
            OnAny(conformingTo: Guarded.self) { _ in throw Failure() }
            On(Guarded.self) {
                Phase(.answer) {
                    Handle { [journal] _ in
                        journal.note("ran"); return 1
                    }
                }
            }
        }
        let failure = await #expect(throws: DispatchFailure.self) { _ = try await dispatcher.reply(to: Guarded()) }
        #expect(failure?.errors.count == 1)
        #expect(failure?.errors.first is Failure)
        #expect(journal.entries.isEmpty)
    }

    @Test func `a handler that overruns its time is told as such`() async throws {
        let gate = Gate()
        try subscribe {
            On(Asked.self) {
                Handle("slow") { _ in
                    try await gate.wait()
                    return 1
                }.timeout(.seconds(5))
            }
        }
        let asking = Task { try await dispatcher.reply(to: Asked()) }
        await gate.arrivals(1)
        clock.advance(by: .seconds(5))
        let error = await #expect(throws: DispatchError.self) { try await asking.value }
        #expect(error?.code == .timedOut)
    }

    @Test func `handlers of any event watch and do not count`() async throws {
        try subscribe {
            OnAny(conformingTo: Asked.self) { _ in
                journal.note("watched")
                throw Failure()
            }
        }
        #expect(await refusal()?.code == .noHandler)
        #expect(journal.entries.isEmpty)
        try subscribe { On(Asked.self) { Handle { _ in 1 } } }
        #expect(try await dispatcher.reply(to: Asked()) == 1)
        #expect(journal.entries == ["watched"])
    }

    @Test func `one that is cancelled before its turn gives no reply`() async throws {
        let other = try dispatcher.subscribe { On(Asked.self) { Phase(.after) { Handle("late") { _ in 1 } } } }
        try subscribe { OnAny { _ in other.cancel() } }
        let error = await refusal()
        #expect(error?.code == .noHandler)
        #expect(error?.message.contains("'late'") ?? false)
        #expect(error?.message.hasSuffix("is skipped: unsubscribed") ?? false)
    }

    @Test func `a stop before its turn is told as such`() async throws {
        try subscribe {
            OnAny { _ in DispatchContext.current?.stop() }
            On(Asked.self) { Phase(.after) { Handle { _ in 1 } } }
        }
        #expect(await refusal()?.code == .fireStopped)
    }

    @Test func `a task that is cancelled gets a cancellation error unless there is a reply`() async throws {
        let gate = Gate()
        try subscribe {
            On(Asked.self) {
                Handle { asked in
                    if asked.number == 1 { try await gate.wait() } else { await gate.waitIgnoringCancellation() }
                    return 3
                }
            }
        }
        let waits = Task { try await dispatcher.reply(to: Asked()) }
        let replies = Task { try await dispatcher.reply(to: Asked(number: 2)) }
        await gate.arrivals(2)
        waits.cancel()
        replies.cancel()
        await #expect(throws: CancellationError.self) { try await waits.value }
        gate.open()
        #expect(try await replies.value == 3)
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await dispatcher.reply(to: Asked())
        }
        await #expect(throws: CancellationError.self) { try await late.value }
    }

    @Test func `a dispatcher that is not started answers nothing`() async throws {
        let dispatcher = EventDispatcher(started: false)
        let error = await #expect(throws: DispatchError.self) { _ = try await dispatcher.reply(to: Asked()) }
        #expect(error?.code == .notStarted)
    }

    @Test func `asking inside a handler is nested in its fire`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { [dispatcher, journal] _ in journal.note("\(try await dispatcher.reply(to: Asked()) ?? 0)") }
            }
            On(Asked.self) { Handle { _ in DispatchContext.current?.path.count } }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["2"])
    }

    @Test func `generic code may ask where nothing is replied`() async throws {
        func ask<Event: MatchableEvent>(_ event: Event) async throws -> Event.Reply {
            try await dispatcher.reply(to: event)
        }
        try subscribe { On(Ping.self) { Handle { [journal] _ in journal.note("ran") } } }
        try await ask(Ping())
        #expect(journal.entries == ["ran"])
    }

    @Test func `an asked handler runs on the caller's actor`() async throws {
        try subscribe {
            On(Asked.self) {
                Handle { _ in
                    await Task.yield()
                    MainActor.assertIsolated()
                    return 1
                }
            }
        }
        let ask: @MainActor (EventDispatcher) async throws -> Int? = { try await $0.reply(to: Asked()) }
        #expect(try await ask(dispatcher) == 1)
    }
}
