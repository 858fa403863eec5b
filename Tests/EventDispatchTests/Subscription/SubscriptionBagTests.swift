import EventDispatch
import EventDispatchTesting
import Testing

/// Lines 5 and 6 of the contract: what bags hold ends with them, and what a dispatcher has with `cancelAll`.
@Suite(.timeLimit(.minutes(10))) struct SubscriptionBagTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a subscription is stored in a bag and ends with it`() throws {
        var bag: SubscriptionBag? = SubscriptionBag()
        try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") }.store(in: try #require(bag))
        try dispatcher.fireSynchronously(Ping())
        bag = nil
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        #expect(journal.entries == ["ran"])
    }

    @Test func `a bag is made from an array literal`() throws {
        let bag: SubscriptionBag = [
            try dispatcher.on(Ping.self) { [journal] _ in journal.note("first") },
            try dispatcher.on(Ping.self) { [journal] _ in journal.note("second") },
        ]
        try dispatcher.fireSynchronously(Ping())
        bag.cancel()
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        #expect(journal.entries == ["first", "second"])
    }

    @Test func `a bag that was cancelled can be filled again`() throws {
        let bag = SubscriptionBag()
        for _ in 0..<2 {
            try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") }.store(in: bag)
            try dispatcher.fireSynchronously(Ping())
            bag.cancel()
        }
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        #expect(journal.entries == ["ran", "ran"])
    }

    @Test func `a bag waits for all of its handlers`() async throws {
        let gates = [Gate(), Gate()]
        let bag = SubscriptionBag()
        for gate in gates {
            try dispatcher.on(Ping.self) { [journal] _ in
                await gate.waitIgnoringCancellation()
                journal.note("ended")
            }.store(in: bag)
        }
        async let report = dispatcher.fire(Ping())
        for gate in gates { await gate.arrivals(1) }
        let waiting = Task { [journal] in
            await bag.cancelAndWait()
            journal.note("waited")
        }
        #expect(await comesTrue { dispatcher.handlers.isEmpty })
        gates[1].open()
        #expect(await comesTrue { journal.entries == ["ended"] })
        gates[0].open()
        await waiting.value
        #expect(journal.entries == ["ended", "ended", "waited"])
        #expect(try await report.succeeded == 2)
    }

    @Test func `two that wait for a bag both wait`() async throws {
        let gate = Gate()
        let bag = SubscriptionBag()
        try dispatcher.on(Ping.self) { [journal] _ in
            await gate.waitIgnoringCancellation()
            journal.note("ended")
        }.store(in: bag)
        async let report = dispatcher.fire(Ping())
        await gate.arrivals(1)
        let first = Task { [journal] in
            await bag.cancelAndWait()
            journal.note("waited")
        }
        #expect(await comesTrue { dispatcher.handlers.isEmpty })
        let second = Task { [journal] in
            await bag.cancelAndWait()
            journal.note("waited")
        }
        gate.open()
        await first.value
        await second.value
        #expect(journal.entries == ["ended", "waited", "waited"])
        _ = try await report
    }

    @Test func `a handler of the bag does not wait for itself`() async throws {
        let bag = SubscriptionBag()
        for name in ["first", "second"] {
            try dispatcher.on(UserCreated.self, where: \.name == name) { [journal] _ in
                await bag.cancelAndWait()
                journal.note("went on")
            }.store(in: bag)
        }
        try await dispatcher.fire(UserCreated(name: "second"))
        #expect(journal.entries == ["went on"])
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a handler of the bag waits for the others`() async throws {
        let gate = Gate()
        let bag = SubscriptionBag()
        try dispatcher.on(Ping.self) { [journal] _ in
            await gate.waitIgnoringCancellation()
            journal.note("other ended")
        }.store(in: bag)
        try dispatcher.on(Ping.self) { [journal] _ in
            await gate.arrivals(1)
            gate.open()
            await bag.cancelAndWait()
            journal.note("went on")
        }.store(in: bag)
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["other ended", "went on"])
    }

    @Test func `handlers of one bag that wait for it together go on`() async throws {
        for _ in 0..<20 {
            let gate = Gate()
            let bag = SubscriptionBag()
            for _ in 0..<3 {
                try dispatcher.on(Ping.self) { @concurrent [journal] _ in
                    await gate.waitIgnoringCancellation()
                    await bag.cancelAndWait()
                    journal.note("went on")
                }.store(in: bag)
            }
            let fire = Task { [dispatcher] in try await dispatcher.fire(Ping()) }
            await gate.arrivals(3)
            gate.open()
            #expect(try await fire.value.succeeded == 3)
        }
        #expect(journal.entries.count == 60)
    }

    @Test func `a bag of several dispatchers waits for all`() async throws {
        let other = EventDispatcher()
        let gate = Gate()
        let bag: SubscriptionBag = [
            try dispatcher.on(Ping.self) { [journal] _ in journal.note("own") },
            try other.on(Ping.self) { [journal] _ in
                await gate.waitIgnoringCancellation()
                journal.note("other")
            },
        ]
        async let report = other.fire(Ping())
        await gate.arrivals(1)
        let waiting = Task { await bag.cancelAndWait() }
        gate.open()
        await waiting.value
        #expect(journal.entries == ["other"])
        _ = try await report
    }

    // MARK: cancelAll

    @Test func `cancelAll ends every subscription of the dispatcher`() async throws {
        let other = EventDispatcher()
        let signal = Signal<Int, Void>(0, dispatcher: dispatcher)
        try signal.connect { [journal] _ in journal.note("signal") }
        let subscriptions = [
            try dispatcher.on(Ping.self) { [journal] _ in journal.note("one") },
            try dispatcher.subscribe(id: "two") {
                On(Ping.self) { Handle { _ in journal.note("two") } }
                On(UserCreated.self) { Handle { _ in journal.note("two") } }
            },
            try dispatcher.subscribe { OnAny { _ in journal.note("any") } },
        ]
        let kept = try other.on(Ping.self) { [journal] _ in journal.note("other") }
        dispatcher.cancelAll()
        #expect(subscriptions.map(\.isActive) == [false, false, false])
        #expect(dispatcher.handlers.isEmpty)
        #expect(dispatcher.subscription(id: "two") == nil)
        #expect(try await dispatcher.fire(Ping()).isUnhandled)
        try await signal.send(1)
        #expect(try await other.fire(Ping()).succeeded == 1)
        #expect(journal.entries == ["other"])
        kept.cancel()
    }

    @Test func `a dispatcher goes on after cancelAll`() throws {
        dispatcher.cancelAll()
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in journal.note("new") }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["new"])
        subscription.cancel()
    }

    @Test func `cancelAll ends sequences and waits`() async throws {
        let events = try dispatcher.events(of: Ping.self)
        let next = try dispatcher.next(of: Ping.self)
        dispatcher.cancelAll()
        for await _ in events { journal.note("an event") }
        await #expect(throws: (any Error).self) { _ = try await next.value }
        #expect(journal.entries.isEmpty)
    }

    @Test func `cancelAll from a handler skips those that have not started`() async throws {
        let bag: SubscriptionBag = [
            try dispatcher.on(Ping.self) { [dispatcher, journal] _ in
                journal.note("first")
                dispatcher.cancelAll()
            },
            try dispatcher.on(Ping.self) { [journal] _ in journal.note("second") },
        ]
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["first"])
        #expect(report.outcomes.map(\.result.description) == ["skipped: unsubscribed"])
        bag.cancel()
    }
}
