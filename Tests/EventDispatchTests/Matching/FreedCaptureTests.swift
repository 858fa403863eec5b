import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// When the captures of a handler that has ended are freed.
@Suite(.timeLimit(.minutes(10))) struct FreedCaptureTests {
    private let dispatcher = EventDispatcher()
    private let captured = WeakCapture()
    private let subscriptions = SubscriptionBag()

    @Test func `with no fire in progress they are freed at once`() throws {
        let subscription = try captured.subscribe(to: dispatcher)
        try dispatcher.fireSynchronously(Ping())
        #expect(!captured.isFreed)
        subscription.cancel()
        #expect(captured.isFreed)
    }

    @Test func `after an awaited fire they are freed at once`() async throws {
        let object = captured.make()
        let subscription = try dispatcher.on(Ping.self) { [object = consume object] _ in
            await Task.yield()
            withExtendedLifetime(object) {}
        }
        try await dispatcher.fire(Ping())
        subscription.cancel()
        #expect(captured.isFreed)
    }

    @Test func `they are freed at the end of the synchronous fire that cancelled them`() throws {
        let next = SubscriptionBag()
        subscriptions.insert(try dispatcher.on(Ping.self, during: .before) { _ in next.cancel() })
        next.insert(try captured.subscribe(to: dispatcher))
        try dispatcher.fireSynchronously(Ping())
        #expect(captured.isFreed)
    }

    @Test func `a handler that cancels itself keeps them until it ends`() throws {
        let own = SubscriptionBag()
        own.insert(
            try dispatcher.on(Ping.self) { [captured, object = captured.make()] _ in
                own.cancel()
                #expect(!captured.isFreed)
                withExtendedLifetime(object) {}
            }
        )
        try dispatcher.fireSynchronously(Ping())
        #expect(captured.isFreed)
    }

    @Test func `they are freed at the end of the awaited fire during which they were cancelled`() async throws {
        let gate = Gate()
        subscriptions.insert(
            try dispatcher.on(Ping.self, during: .before) { _ in await gate.waitIgnoringCancellation() }
        )
        let next = try captured.subscribe(to: dispatcher)
        let fire = Task { [dispatcher] in try await dispatcher.fire(Ping()) }
        await gate.arrivals(1)
        next.cancel()
        gate.open()
        #expect(try await fire.value.succeeded == 1)
        #expect(captured.isFreed)
    }

    @Test func `they are freed at the end of the last of several fires`() async throws {
        let (first, second) = (Gate(), Gate())
        let started = Tally()
        subscriptions.insert(
            try dispatcher.on(Ping.self, during: .before) { _ in
                await (started.increment() == 1 ? first : second).waitIgnoringCancellation()
            }
        )
        let next = try captured.subscribe(to: dispatcher)
        let firstFire = Task { [dispatcher] in try await dispatcher.fire(Ping()) }
        await first.arrivals(1)
        let secondFire = Task { [dispatcher] in try await dispatcher.fire(Ping()) }
        await second.arrivals(1)
        next.cancel()
        first.open()
        _ = try await firstFire.value
        second.open()
        _ = try await secondFire.value
        #expect(captured.isFreed)
    }

    @Test func `they are freed at the end of the fire around the one that cancelled them`() throws {
        let next = SubscriptionBag()
        subscriptions.insert(try dispatcher.on(UserCreated.self) { _ in next.cancel() })
        subscriptions.insert(
            try dispatcher.on(Ping.self, during: .before) { [dispatcher] _ in
                try dispatcher.fireSynchronously(UserCreated())
            }
        )
        next.insert(try captured.subscribe(to: dispatcher))
        try dispatcher.fireSynchronously(Ping())
        #expect(captured.isFreed)
    }

    @Test func `a fire on another thread keeps them until its end`() async throws {
        let halt = Halt()
        subscriptions.insert(try dispatcher.on(Ping.self, during: .before) { _ in halt.stop() })
        let next = try captured.subscribe(to: dispatcher)
        async let skipped = onThread { [dispatcher] in
            (try? dispatcher.fireSynchronously(Ping()))?.outcomes.map(\.result.description)
        }
        #expect(await comesTrue { halt.isReached })
        next.cancel()
        #expect(!captured.isFreed)
        halt.release()
        #expect(await skipped == ["skipped: unsubscribed"])
        #expect(captured.isFreed)
    }

    @Test func `those of a used up handler are freed after its last fire`() async throws {
        subscriptions.insert(
            try {
                let object = captured.make()
                return try dispatcher.subscribe {
                    On(Ping.self) { Handle { _ in withExtendedLifetime(object) {} }.limit(2) }
                }
            }()
        )
        try await dispatcher.fire(Ping())
        #expect(!captured.isFreed)
        try await dispatcher.fire(Ping())
        #expect(captured.isFreed)
    }

    @Test func `those of a filters closure are freed with the handler`() throws {
        let object = captured.make()
        let subscription = try dispatcher.on(
            UserCreated.self,
            where: \.name == "susan" && Filter { [object = consume object] _ in withExtendedLifetime(object) { true } }
        ) { _ in }
        #expect(try dispatcher.fireSynchronously(UserCreated()).matched == 1)
        subscription.cancel()
        #expect(captured.isFreed)
    }

    @Test func `those of a dispatcher are freed with it`() throws {
        var dispatcher: EventDispatcher? = EventDispatcher()
        let subscription = try captured.subscribe(to: #require(dispatcher))
        dispatcher = nil
        #expect(captured.isFreed)
        subscription.cancel()
    }
}
