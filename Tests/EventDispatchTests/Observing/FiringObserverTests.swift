import EventDispatch
import Testing

/// Observers that fire events themselves.
@Suite(.timeLimit(.minutes(10))) struct FiringObserverTests {
    private let journal = Journal()

    /// An event with a short name.
    private struct Bell: MatchableEvent {
        static var eventName: String { "Bell" }
    }

    @Test func `an observer that fires whatever it is told ends in an error that prints the path`() async throws {
        struct Echo: DispatchObserver {
            let dispatcher: EventDispatcher
            let journal: Journal
            func fireStarted(_ fire: ObservedFire) {
                do { try dispatcher.fireSynchronously(Bell()) } catch {
                    journal.note("\((error as? DispatchError)?.message ?? "")")
                }
            }
        }
        let dispatcher = EventDispatcher(maximumDepth: 3)
        dispatcher.observe(with: Echo(dispatcher: dispatcher, journal: journal))
        try await dispatcher.fire(Bell())
        try dispatcher.fireSynchronously(Bell())
        let refused = "fires are nested deeper than 3: Bell → Bell → Bell → Bell"
        #expect(journal.entries == [refused, refused])
    }

    @Test func `an observer that fires whenever it is told anything comes to an end`() async throws {
        final class Echo: DispatchObserver {
            let dispatcher: EventDispatcher
            let fires = Tally()
            init(_ dispatcher: EventDispatcher) { self.dispatcher = dispatcher }
            func fireStarted(_ fire: ObservedFire) { echo() }
            func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) { echo() }
            func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) { echo() }
            func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) { echo() }
            private func echo() {
                guard (try? dispatcher.fireSynchronously(Bell())) != nil else { return }
                fires.increment()
            }
        }
        let dispatcher = EventDispatcher()
        let echo = Echo(dispatcher)
        dispatcher.observe(with: echo)
        let subscription = try dispatcher.on(Bell.self) { _ in }
        try dispatcher.fireSynchronously(Bell())
        #expect(echo.fires.value == 4 + 16 + 64 + 256)
        subscription.cancel()
    }

    @Test func `an observer is told of a fire inside that fire`() async throws {
        struct Asking: DispatchObserver {
            let journal: Journal
            func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) {
                let context = DispatchContext.current
                journal.note("\(context?.path ?? []) '\(context?.phase ?? "none")'")
            }
        }
        let dispatcher = EventDispatcher()
        dispatcher.observe(with: Asking(journal: journal))
        let subscription = try dispatcher.on(Bell.self) { _ in }
        try await dispatcher.fire(Bell())
        #expect(journal.entries == [#"["Bell"] ''"#])
        #expect(DispatchContext.current == nil)
        subscription.cancel()
    }
}
