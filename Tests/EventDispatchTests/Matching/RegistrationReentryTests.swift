import EventDispatch
import Testing

/// What a value's `==` and `hash` may do while the tables ask for them.
@Suite(.timeLimit(.minutes(10))) struct RegistrationReentryTests {
    private let dispatcher = EventDispatcher()
    private let subscriptions = SubscriptionBag()
    private let journal = Journal()

    @Test(arguments: Meddler.Moment.whileRegistering)
    func `a value that subscribes while it is registered is refused`(moment: Meddler.Moment) throws {
        try register(at: moment) { [dispatcher, journal] in
            do { try dispatcher.on(Ping.self) { _ in }.cancel() } catch {
                journal.note("\((error as? DispatchError)?.code.description ?? "other")")
            }
        }
        #expect(journal.entries.contains("registeringWhileRegistering"))
        try expectThatAllWorks()
    }

    @Test(arguments: Meddler.Moment.whileRegistering)
    func `a value may cancel while it is registered`(moment: Meddler.Moment) throws {
        let captured = WeakCapture()
        let bystander = try captured.subscribe(to: dispatcher)
        try register(at: moment) { bystander.cancel() }
        #expect(!bystander.isActive)
        #expect(captured.isFreed)
        #expect(try dispatcher.fireSynchronously(Ping()).matched == 0)
        try expectThatAllWorks()
    }

    @Test(arguments: Meddler.Moment.whileRegistering)
    func `a value may fire while it is registered`(moment: Meddler.Moment) throws {
        subscriptions.insert(try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") })
        try register(at: moment) { [dispatcher] in _ = try? dispatcher.fireSynchronously(Ping()) }
        #expect(journal.entries.contains("ran"))
        try expectThatAllWorks()
    }

    @Test(arguments: Meddler.Moment.whileRegistering)
    func `a value may fire its own event while it is registered`(moment: Meddler.Moment) throws {
        try register(at: moment) { [dispatcher] in
            for number in 0..<6 { _ = try? dispatcher.fireSynchronously(Sample(Meddler(number))) }
        }
        try expectThatAllWorks()
    }

    @Test(arguments: Meddler.Moment.whileRegistering)
    func `a handler is not found by a fire from its own registration`(moment: Meddler.Moment) throws {
        try register(at: moment) { [dispatcher, journal] in
            guard let report = try? dispatcher.fireSynchronously(Sample(Meddler(9)), detail: .all) else { return }
            for outcome in report.outcomes { journal.note(outcome.handler.name) }
        }
        #expect(!journal.entries.isEmpty)
        #expect(!journal.entries.contains("last"))
        try expectThatAllWorks()
    }

    @Test(arguments: Meddler.Moment.whileRegistering)
    func `a value may list while it is registered`(moment: Meddler.Moment) throws {
        try register(at: moment) { [dispatcher, journal] in
            journal.note(dispatcher.hasHandlers(for: Sample<Meddler>.self) ? "has handlers" : "has none")
            if dispatcher.handlers.count >= 6 { journal.note("listed") }
        }
        #expect(journal.entries.contains("listed"))
        #expect(!journal.entries.contains("has none"))
        try expectThatAllWorks()
    }

    @Test(arguments: Meddler.Moment.whileRegistering)
    func `a value may ask for an explanation while it is registered`(moment: Meddler.Moment) throws {
        try register(at: moment) { [dispatcher, journal] in
            _ = dispatcher.explain(Sample(Meddler(1)))
            journal.note("explained")
        }
        #expect(journal.entries.contains("explained"))
        try expectThatAllWorks()
    }

    @Test func `an order is asked neither while its bound is registered nor while it is removed`() throws {
        try register(at: .order) { [journal] in journal.note("asked") }
        subscriptions.cancel()
        #expect(journal.entries.isEmpty)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a value that subscribes elsewhere is not refused`() throws {
        let other = EventDispatcher()
        try register(at: .equality) { [journal] in
            do { try other.on(Ping.self) { _ in }.cancel() } catch {
                journal.note("\((error as? DispatchError)?.code.description ?? "other")")
            }
        }
        #expect(journal.entries.isEmpty)
        try expectThatAllWorks()
    }

    /// Registers three values and three bounds, then one of each that acts at a moment.
    private func register(at moment: Meddler.Moment, _ act: @escaping @Sendable () -> Void) throws {
        for number in 0..<3 {
            try register(\.value == Meddler(number))
            try register(\.value >= Meddler(number))
        }
        let isActing = Flag()
        let meddler = Meddler(3) {
            guard $0 == moment, !isActing.isSet else { return }
            isActing.set()
            act()
            isActing.unset()
        }
        try register(\.value == meddler)
        try register(\.value >= meddler, named: "last")
    }

    private func register(_ filter: Filter<Sample<Meddler>>, named name: String = "") throws {
        subscriptions.insert(
            try dispatcher.subscribe {
                On(Sample<Meddler>.self) {
                    Where(filter)
                    Handle(name) { _ in }
                }
            }
        )
    }

    private func expectThatAllWorks() throws {
        for number in 0..<4 {
            #expect(try dispatcher.fireSynchronously(Sample(Meddler(number))).matched == number + 2)
        }
        subscriptions.cancel()
        #expect(dispatcher.handlers.isEmpty)
        #expect(try dispatcher.fireSynchronously(Sample(Meddler(1))).matched == 0)
    }
}
