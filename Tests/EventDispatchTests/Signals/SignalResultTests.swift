import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// What comes back from a send: a result of every receiver that ran, as it gave it.
@Suite(.timeLimit(.minutes(10))) struct SignalResultTests {
    @Test func `every receiver that ran has a result however many connect and disconnect meanwhile`() async throws {
        let signal = Signal<Tally, Void>(Tally())
        // What goes through all connections takes a while.
        for number in 0..<200 { try signal.connect(keys: [number]) { _ in } }
        let connectAndDisconnect: @Sendable (Int) -> Void = { _ in
            let connection = try? signal.connect { call in _ = call.payload.increment() }
            connection?.disconnect()
        }
        let lost = try await beside(connectAndDisconnect) { step in
            var lost = 0
            for _ in 0..<scaled(200, full: 1_000) {
                step()
                let ran = Tally()
                let results = try await signal.send(ran)
                if results.count != ran.value { lost += 1 }
            }
            return lost
        }
        #expect(lost == 0)
    }

    @Test func `after disconnect all no send reaches whom one had reached before`() async throws {
        var reachedAgain = 0
        for _ in 0..<scaled(20, full: 100) {
            let signal = Signal<Void, Int>(())
            for number in 0..<200 { try signal.connect(keys: [number]) { _ in 0 } }
            let ran = Tally()
            async let connecting = onThread { try? signal.connect { _ in ran.increment() } }
            while ran.value == 0 {
                try await signal.send()
                await Task.yield()
            }
            signal.disconnectAll()
            let before = ran.value
            try await signal.send()
            if ran.value != before { reachedAgain += 1 }
            let connection = try #require(await connecting)
            #expect(!connection.isActive)
            #expect(signal.receivers.isEmpty)
        }
        #expect(reachedAgain == 0)
    }

    @Test func `a receiver that is used up has its result`() async throws {
        let signal = Signal<Void, Int>(())
        try signal.connect(Handle { _ in 1 }.once())
        let connection = try signal.connect { _ in 2 }
        #expect(try await values(of: signal) == [1, 2])
        #expect(try await values(of: signal) == [2])
        #expect(signal.receivers == [connection])
    }

    @Test func `a receiver that is disconnected while it runs has its result`() async throws {
        let signal = Signal<Void, Int>(())
        let gate = Gate()
        let connection = try signal.connect { _ in
            await gate.waitIgnoringCancellation()
            return 1
        }
        let sending = Task { try await values(of: signal) }
        await gate.arrivals(1)
        signal.disconnect(connection)
        #expect(signal.receivers.isEmpty)
        gate.open()
        #expect(try await sending.value == [1])
    }

    @Test func `a receiver that is muted has no result`() async throws {
        let dispatcher = EventDispatcher()
        let signal = Signal<Void, Int>((), dispatcher: dispatcher)
        try signal.connect { _ in 1 }
        let results = try await dispatcher.withAllMuted {
            try signal.connect { _ in 2 }
            return try await values(of: signal)
        }
        #expect(results == [2])
        #expect(try await values(of: signal) == [1, 2])
    }

    @Test func `receivers are listed in the order of their results`() async throws {
        let signal = Signal<Void, Int>(())
        let connections = try (0..<50).map { number in try signal.connect(Handle { _ in number }.priority(number % 7)) }
        let left = connections.indices.filter { $0 % 3 != 1 }
        for number in connections.indices where !left.contains(number) { connections[number].disconnect() }
        #expect(signal.receivers == left.map { connections[$0] })
        #expect(try await values(of: signal) == left)
    }

    @Test func `a reply that is nil arrives as it is`() async throws {
        let nested = Signal<Void, String??>(())
        for reply in [String??.none, .some(nil), .some("x")] { try nested.connect { _ in reply } }
        #expect(try await values(of: nested) == [.none, .some(nil), .some("x")])

        let anything = Signal<Void, (any Sendable)?>(())
        try anything.connect { _ in nil }
        try anything.connect { _ in 1 }
        #expect(try await values(of: anything).map { $0 == nil } == [true, false])
    }

    @Test func `a payload that is nil is sent as it is`() async throws {
        let signal = Signal<String?, String?>("default")
        try signal.connect { call in call.payload }
        #expect(try await values(of: signal, nil) == [nil])
        #expect(try await values(of: signal, "mine") == ["mine"])
        #expect(try await values(of: signal) == ["default"])
    }

    private func values<Payload, Reply>(of signal: Signal<Payload, Reply>) async throws -> [Reply] {
        try await signal.send().map { try $0.get() }
    }

    private func values(of signal: Signal<String?, String?>, _ payload: String?) async throws -> [String?] {
        if payload == nil { return try await signal.send(nil).map { try $0.get() } }
        return try await signal.send(payload).map { try $0.get() }
    }
}
