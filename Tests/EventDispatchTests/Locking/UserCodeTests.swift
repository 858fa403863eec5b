import EventDispatch
import EventDispatchTesting
import Testing

/// Line 10 of the contract: filters, keys, descriptions and observers run under no lock and may use the dispatcher.
@Suite(.timeLimit(.minutes(10))) struct UserCodeTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test(arguments: Intrusion.allCases)
    func `a filter closure may use the dispatcher`(intrusion: Intrusion) throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Where { _ in
                    intrusion.happen(to: dispatcher, journal)
                    return true
                }
                Handle { _ in journal.note("ran") }
            }
        }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["\(intrusion)", "ran"])
        subscription.cancel()
    }

    @Test func `a filter closure may cancel its own handler`() throws {
        let own = SubscriptionBag()
        own.insert(
            try dispatcher.subscribe {
                On(Ping.self) {
                    Where { _ in
                        own.cancel()
                        return true
                    }
                    Handle { _ in journal.note("ran") }
                }
            }
        )
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries.isEmpty)
    }

    @Test(arguments: Intrusion.allCases)
    func `a computed key may use the dispatcher`(intrusion: Intrusion) throws {
        let subscription = try dispatcher.on(Probing.self, where: \.answer == 42) { [journal] _ in journal.note("ran") }
        let event = Probing { [dispatcher, journal] in intrusion.happen(to: dispatcher, journal) }
        try dispatcher.fireSynchronously(event)
        #expect(journal.entries == ["\(intrusion)", "ran"])
        subscription.cancel()
    }

    @Test(arguments: Intrusion.allCases)
    func `a computed key of a limit may use the dispatcher`(intrusion: Intrusion) throws {
        let subscription = try dispatcher.subscribe {
            On(Probing.self) { Handle { _ in journal.note("ran") }.limit(1, per: \.answer) }
        }
        let event = Probing { [dispatcher, journal] in intrusion.happen(to: dispatcher, journal) }
        try dispatcher.fireSynchronously(event)
        #expect(journal.entries == ["\(intrusion)", "ran"])
        subscription.cancel()
    }

    @Test(arguments: [true, false])
    func `a computed key of a limit is read outside of the handler`(isObserved: Bool) throws {
        struct Silent: DispatchObserver {}
        if isObserved { dispatcher.observe(with: Silent()) }
        let subscription = try dispatcher.subscribe {
            On(Probing.self) {
                Handle { [journal] _ in journal.note("handler: \(DispatchContext.current != nil)") }.limit(
                    1,
                    per: \.answer
                )
            }
        }
        let event = Probing { [journal] in journal.note("key: \(DispatchContext.current != nil)") }
        try dispatcher.fireSynchronously(event)
        #expect(journal.entries == ["key: false", "handler: true"])
        subscription.cancel()
    }

    @Test(arguments: [Intrusion.fire, .subscribe, .cancel, .observe, .post])
    func `the hash and equality of a limit's key may use the dispatcher`(intrusion: Intrusion) throws {
        let subscription = try dispatcher.subscribe {
            On(Probed.self) { Handle { _ in journal.note("ran") }.limit(1, per: \.probe) }
        }
        let probe = Probe { [dispatcher, journal] in intrusion.happen(to: dispatcher, journal) }
        try dispatcher.fireSynchronously(Probed(probe: probe))
        try dispatcher.fireSynchronously(Probed(probe: probe))
        #expect(journal.entries.filter { $0 == "ran" } == ["ran"])
        #expect(journal.entries.contains("\(intrusion)"))
        subscription.cancel()
    }

    @Test func `a limit's key that fires the same handler from its hash gets no start`() throws {
        let subscription = try dispatcher.subscribe {
            On(Probed.self) { Handle { _ in journal.note("ran") }.limit(5, per: \.probe) }
        }
        let probe = Probe { [dispatcher, journal] in
            let report = try? dispatcher.fireSynchronously(Probed(probe: Probe {}))
            journal.note("matched \(report?.matched ?? -1)")
        }
        try dispatcher.fireSynchronously(Probed(probe: probe))
        #expect(journal.entries.filter { $0 == "ran" } == ["ran"])
        #expect(journal.entries.contains("matched 0"))
        #expect(try dispatcher.fireSynchronously(Probed(probe: Probe {})).matched == 1)
        subscription.cancel()
    }

    @Test func `a limit's key may list the subscriptions from its hash`() async {
        await #expect(processExitsWith: .success) {
            let dispatcher = EventDispatcher()
            let subscription = try dispatcher.subscribe {
                On(Probed.self) { Handle { _ in }.limit(1, per: \.probe) }
            }
            try dispatcher.fireSynchronously(Probed(probe: Probe { _ = dispatcher.handlers }))
            subscription.cancel()
        }
    }

    @Test(arguments: [Intrusion.fire, .subscribe, .cancel, .observe, .post])
    func `the description of a filters value may use the dispatcher while it is listed`(intrusion: Intrusion) throws {
        let value = Probe { [dispatcher, journal] in intrusion.happen(to: dispatcher, journal) }
        let subscription = try dispatcher.on(Probed.self, where: \.probe == value) { _ in }
        #expect(dispatcher.handlers.count == 1)
        #expect(journal.entries.contains("\(intrusion)"))
        subscription.cancel()
    }

    @Test(arguments: Intrusion.allCases)
    func `an observer may use the dispatcher whatever it is told`(intrusion: Intrusion) async throws {
        let observation = dispatcher.observe(
            with: IntrudingObserver { [dispatcher, journal] message in
                journal.note(message)
                let quiet = Journal()
                intrusion.happen(to: dispatcher, quiet)
                #expect(quiet.entries == ["\(intrusion)"])
            }
        )
        let subscription = try dispatcher.on(Ping.self) { _ in }
        try await dispatcher.fire(Ping())
        try await dispatcher.fire(UserCreated())
        #expect(
            journal.entries == [
                "fireStarted", "handlerStarted", "handlerFinished", "fireFinished",
                "fireStarted", "unhandled", "fireFinished",
            ]
        )
        observation.cancel()
        subscription.cancel()
    }

    @Test(arguments: Intrusion.allCases)
    func `an observer may use the dispatcher when it is told of a drop`(intrusion: Intrusion) async throws {
        let dispatcher = EventDispatcher(postPolicy: .reject(capacity: 1))
        let gate = Gate()
        let subscription = try dispatcher.on(Letter.self) { _ in try await gate.wait() }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        try await dispatcher.post(Letter(1))
        dispatcher.observe(
            with: IntrudingObserver { [journal] message in
                journal.note(message)
                intrusion.happen(to: dispatcher, journal)
            }
        )
        #expect(try !dispatcher.postNow(Letter(2)))
        #expect(journal.entries == ["dropped", "\(intrusion)"])
        gate.open()
        await dispatcher.drain()
        subscription.cancel()
    }

    @Test func `an observer may observe and end its own observation`() throws {
        let own = Observations()
        own.keep(
            dispatcher.observe(
                with: IntrudingObserver { [dispatcher, journal] message in
                    journal.note(message)
                    own.cancel()
                    dispatcher.observe(with: JournalObserver(journal: journal))
                }
            )
        )
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries.first == "fireStarted")
        let noted = journal.entries.count
        try dispatcher.fireSynchronously(UserCreated())
        #expect(!journal.entries.dropFirst(noted).contains("fireStarted"))
        #expect(journal.entries.dropFirst(noted).contains("fire \(UserCreated.eventName)"))
    }
}

/// Calls a closure with the name of each message about other events than ``Intruded``.
private struct IntrudingObserver: DispatchObserver {
    let intrude: @Sendable (String) -> Void

    func fireStarted(_ fire: ObservedFire) { tell("fireStarted", of: fire.event) }
    func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) { tell("fireFinished", of: fire.event) }
    func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) {
        tell("handlerStarted", of: fire.event)
    }
    func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) { tell("handlerFinished", of: fire.event) }
    func dropped(_ event: any MatchableEvent, reason: DropReason) { tell("dropped", of: event) }
    func unhandled(_ fire: ObservedFire) { tell("unhandled", of: fire.event) }

    private func tell(_ message: String, of event: any MatchableEvent) {
        if !(event is Intruded) { intrude(message) }
    }
}

/// Keeps an observation, until it is ended.
private final class Observations: Sendable {
    private let held = Locked<ObserverRegistration?>(nil)

    func keep(_ observation: ObserverRegistration) { held.withLock { $0 = observation } }

    func cancel() {
        held.withLock { held in
            defer { held = nil }
            return held
        }?.cancel()
    }
}

/// Acts when it is hashed, compared or described.
private struct Probe: Hashable, CustomStringConvertible, Sendable {
    let act: @Sendable () -> Void

    init(_ act: @escaping @Sendable () -> Void) { self.act = act }

    static func == (left: Probe, right: Probe) -> Bool {
        left.act()
        return true
    }
    func hash(into hasher: inout Hasher) { act() }
    var description: String {
        act()
        return "probe"
    }
}

private struct Probed: MatchableEvent {
    let probe: Probe

    struct MatchKeys: MatchKeySet {
        let probe = Key(\.probe)
    }
}

/// Acts when its key is read.
private struct Probing: MatchableEvent {
    let act: @Sendable () -> Void
    var answer: Int {
        act()
        return 42
    }

    init(_ act: @escaping @Sendable () -> Void) { self.act = act }

    struct MatchKeys: MatchKeySet {
        let answer = Key(\.answer)
    }
}
