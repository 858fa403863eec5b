import EventDispatch
import EventDispatchTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct SignalTests {
    private struct Failed: Error {}
    private final class Sender: Sendable {}

    /// A sender that equals all others.
    private final class EqualSender: Hashable, Sendable {
        static func == (left: EqualSender, right: EqualSender) -> Bool { true }
        func hash(into hasher: inout Hasher) {}
    }

    private let signal = Signal<String, Int>("default")
    private let journal = Journal()

    private func values(_ results: [Result<Int, any Error>]) -> [Int] { results.compactMap { try? $0.get() } }

    @Test func `a signal that goes takes its receivers from the dispatcher`() throws {
        let dispatcher = EventDispatcher()
        var brief: Signal<String, Int>? = Signal("default", dispatcher: dispatcher)
        try brief?.connect { _ in 1 }
        #expect(dispatcher.handlers.count == 1)
        brief = nil
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `other handlers of a shared dispatcher and priorities change no results`() async throws {
        let dispatcher = EventDispatcher()
        let signal = Signal<String, Int>("default", dispatcher: dispatcher)
        let log = try dispatcher.subscribe {
            OnAny { _ in throw Failed() }
            On(SignalCall<String, Int>.self) { Handle { _ in 7 } }
        }
        try signal.connect { _ in throw Failed() }
        try signal.connect(Handle { _ in 2 }.priority(5))
        let results = try await signal.send()
        #expect(results.count == 2)
        #expect(throws: Failed.self) { try results[0].get() }
        #expect(try results[1].get() == 2)
        log.cancel()
    }

    @Test func `a send returns each receivers result in the order of connection`() async throws {
        let gate = Gate()
        try signal.connect { _ in
            try await gate.wait()
            return 1
        }
        try signal.connect { _ in throw Failed() }
        try signal.connect { _ in
            gate.open()
            return 3
        }
        let results = try await signal.send()
        #expect(results.count == 3)
        #expect(values(results) == [1, 3])
        #expect(throws: Failed.self) { try results[1].get() }
    }

    @Test func `a signal without replies returns whether each receiver succeeded`() async throws {
        let signal = Signal<Void, Void>()
        try signal.connect { _ in }
        try signal.connect { _ in throw Failed() }
        let results = try await signal.send()
        #expect(results.map { (try? $0.get()) != nil } == [true, false])
    }

    @Test func `defaults are set by the signal and replaced by a send`() async throws {
        try signal.connect { call in
            journal.note(call.payload)
            return 0
        }
        try await signal.send()
        try await signal.send("mine")
        #expect(journal.entries == ["default", "mine"])
    }

    @Test func `a receiver with keys is reached by any of them`() async throws {
        try signal.connect(keys: ["a", "b"]) { _ in 1 }
        try signal.connect(keys: [7]) { _ in 2 }
        #expect(values(try await signal.send(keys: ["a"])) == [1])
        #expect(values(try await signal.send(keys: ["b", 7])) == [1, 2])
        #expect(values(try await signal.send(keys: ["a", "b"])) == [1])
        #expect(values(try await signal.send(keys: ["c"])).isEmpty)
        #expect(values(try await signal.send()).isEmpty)
    }

    @Test func `a receiver without senders and keys is reached by every send`() async throws {
        let sender = Sender()
        try signal.connect { _ in 1 }
        try signal.connect(senders: [sender]) { _ in 2 }
        #expect(values(try await signal.send()) == [1])
        #expect(values(try await signal.send(senders: [sender])) == [1, 2])
        #expect(values(try await signal.send(keys: ["a"])) == [1])
    }

    @Test func `equal senders stay two`() async throws {
        let (first, second) = (EqualSender(), EqualSender())
        try signal.connect(senders: [first]) { _ in 1 }
        try signal.connect(senders: [second]) { _ in 2 }
        #expect(values(try await signal.send(senders: [first])) == [1])
        #expect(values(try await signal.send(senders: [first, second])) == [1, 2])
    }

    @Test func `keys are equal when their types are and they are`() async throws {
        enum Topic: Int, Sendable { case news = 1 }
        try signal.connect(keys: [1]) { _ in 1 }
        try signal.connect(keys: [1.0]) { _ in 2 }
        try signal.connect(keys: [Optional(1)]) { _ in 3 }
        try signal.connect(keys: [UInt8(1), Topic.news]) { _ in 4 }
        #expect(values(try await signal.send(keys: [1])) == [1])
        #expect(values(try await signal.send(keys: [1.0])) == [2])
        #expect(values(try await signal.send(keys: [Optional(1)])) == [3])
        #expect(values(try await signal.send(keys: [UInt8(1)])) == [4])
        #expect(values(try await signal.send(keys: [Topic.news])) == [4])
        #expect(values(try await signal.send(keys: [Int8(1)])).isEmpty)
        #expect(values(try await signal.send(keys: [1, 1.0])) == [1, 2])
    }

    @Test func `a receiver is disconnected from keys of the type that is named`() async throws {
        let connection = try signal.connect(keys: [1, UInt8(1)]) { _ in 1 }
        signal.disconnect(connection, keys: [UInt8(1), 1.0])
        #expect(values(try await signal.send(keys: [UInt8(1)])).isEmpty)
        #expect(values(try await signal.send(keys: [1])) == [1])
    }

    @Test func `sender and key together call a receiver once`() async throws {
        let sender = Sender()
        try signal.connect(senders: [sender], keys: ["a"]) { _ in 1 }
        #expect(values(try await signal.send(senders: [sender], keys: ["a"])) == [1])
        #expect(values(try await signal.send(senders: [sender])) == [1])
        #expect(values(try await signal.send(keys: ["a"])) == [1])
    }

    @Test func `with its sender a connection ends`() async throws {
        var sender: Sender? = Sender()
        weak let held = sender
        let connection: SignalConnection
        do {
            let object = try #require(sender)
            connection = try signal.connect(senders: [object]) { _ in 1 }
        }
        #expect(connection.isActive)
        sender = nil
        #expect(held == nil)
        #expect(!connection.isActive)
        #expect(signal.receivers.isEmpty)
    }

    @Test func `no new object reaches a receiver of a dead sender`() async throws {
        for _ in 0..<100 {
            var sender: Sender? = Sender()
            try signal.connect(senders: [sender].compactMap(\.self), keys: ["kept"]) { _ in 1 }
            let address = sender.map(ObjectIdentifier.init)
            sender = nil
            let stranger = Sender()
            #if !canImport(ObjectiveC)
                try #require(ObjectIdentifier(stranger) != address, "the address was given away")
            #endif
            try #require(values(try await signal.send(senders: [stranger])).isEmpty)
            #expect(values(try await signal.send(keys: ["kept"])) == [1])
            signal.disconnectAll()
        }
    }

    @Test func `a receiver gets the signal the senders and the keys`() async throws {
        let other = Signal<String, Int>("other")
        let sender = Sender()
        let receiver: @Sendable (SignalCall<String, Int>) -> Int = { [signal, journal] call in
            journal.note("\(call.signal === signal) \(call.payload) \(call.senders.count) \(call.keys)")
            return 0
        }
        try signal.connect(receiver)
        try other.connect(receiver)
        try await signal.send(senders: [sender], keys: ["a"])
        try await other.send()
        #expect(journal.entries == [#"true default 1 ["a"]"#, "false other 0 []"])
    }

    @Test func `signals of one dispatcher do not meet`() async throws {
        let dispatcher = EventDispatcher()
        let (first, second) = (Signal<Int, Int>(1, dispatcher: dispatcher), Signal<Int, Int>(2, dispatcher: dispatcher))
        try first.connect { call in call.payload }
        try second.connect { call in call.payload }
        #expect(values(try await first.send()) == [1])
        #expect(values(try await second.send()) == [2])
    }

    @Test func `a receiver can be disconnected`() async throws {
        let first = try signal.connect { _ in 1 }
        let second = try signal.connect { _ in 2 }
        #expect(signal.receivers == [first, second])
        signal.disconnect(first)
        #expect(signal.receivers == [second])
        #expect(values(try await signal.send()) == [2])
    }

    @Test func `a receiver can be disconnected from some senders and keys`() async throws {
        let (first, second) = (Sender(), Sender())
        let connection = try signal.connect(senders: [first, second], keys: ["a", "b"]) { _ in 1 }
        signal.disconnect(connection, senders: [first], keys: ["a"])
        #expect(values(try await signal.send(senders: [first], keys: ["a"])).isEmpty)
        #expect(values(try await signal.send(senders: [second])) == [1])
        #expect(values(try await signal.send(keys: ["b"])) == [1])
        signal.disconnect(connection, senders: [second], keys: ["b"])
        #expect(!connection.isActive)
    }

    @Test func `a receiver connected without senders and keys can be disconnected from some`() async throws {
        let (noisy, other) = (Sender(), Sender())
        let connection = try signal.connect { _ in 1 }
        signal.disconnect(connection, senders: [noisy], keys: ["debug"])
        #expect(values(try await signal.send(senders: [noisy])).isEmpty)
        #expect(values(try await signal.send(keys: ["debug"])).isEmpty)
        #expect(values(try await signal.send(senders: [noisy], keys: ["debug"])).isEmpty)
        #expect(values(try await signal.send()) == [1])
        #expect(values(try await signal.send(senders: [other])) == [1])
        #expect(values(try await signal.send(senders: [noisy, other])) == [1])
        #expect(values(try await signal.send(senders: [noisy], keys: ["news"])) == [1])
        #expect(connection.isActive)
        signal.disconnect(connection)
        #expect(values(try await signal.send()).isEmpty)
    }

    @Test func `a new object at the address of a disconnected sender reaches the receiver`() async throws {
        let connection = try signal.connect { _ in 1 }
        for _ in 0..<100 {
            var sender: Sender? = Sender()
            signal.disconnect(connection, senders: [sender].compactMap(\.self))
            sender = nil
            let stranger = Sender()
            try #require(values(try await signal.send(senders: [stranger])) == [1])
        }
    }

    @Test func `all receivers can be disconnected`() async throws {
        try signal.connect { _ in 1 }
        try signal.connect(keys: ["a"]) { _ in 2 }
        signal.disconnectAll()
        #expect(signal.receivers.isEmpty)
        #expect(try await signal.send(keys: ["a"]).isEmpty)
    }

    @Test func `a closure without owner is never dropped`() async throws {
        try signal.connect { _ in 1 }
        #expect(values(try await signal.send()) == [1])
    }

    @Test func `a weak receiver ends with its owner`() async throws {
        var owner: Journal? = Journal()
        do {
            let object = try #require(owner)
            try signal.connect(weak: object) { _, _ in 1 }
        }
        #expect(values(try await signal.send()) == [1])
        owner = nil
        #expect(try await signal.send().isEmpty)
        #expect(signal.receivers.isEmpty)
    }

    @Test func `receivers take the forms of handle`() async throws {
        let counter = Counter()
        let screen = Screen()
        try signal.connect { _ in 1 }
        try signal.connect { @MainActor _ in
            MainActor.preconditionIsolated()
            return 2
        }
        try signal.connect { _ in
            await Task.yield()
            return 3
        }
        try signal.connect { @MainActor _ in await screen.showLater(4) }
        try signal.connect { @concurrent _ in await screen.show(5) }
        try signal.connect(weak: journal) { _, _ in 6 }
        try signal.connect(weak: screen) { @MainActor screen, _ in screen.show(7) }
        try signal.connect(weak: screen) { screen, _ in await screen.show(8) }
        try signal.connect(on: counter) { counter, _ in counter.pass(9) }
        try signal.connect(on: counter) { counter, _ in
            await Task.yield()
            return counter.pass(10)
        }
        try signal.connect(Handle("named", on: counter) { counter, _ in counter.pass(11) }.limit(1))
        try signal.connect(weak: counter) { counter, _ in counter.pass(12) }
        try signal.connect(weak: counter) { counter, _ in
            await Task.yield()
            return counter.pass(12)
        }
        try signal.connect(twelve)
        try signal.connect(twelveLater)
        try signal.connect(twelveOnMain)
        try signal.connect(screen.receive)
        #expect(values(try await signal.send()) == Array(1...11) + [12, 12, 12, 12, 12, 13])
        #expect(values(try await signal.send()) == Array(1...10) + [12, 12, 12, 12, 12, 13])
    }

    @Test func `every form is connected with senders and keys`() async throws {
        let (counter, sender) = (Counter(), Sender())
        let screen = Screen()
        try signal.connect(senders: [sender], keys: ["a"]) { @MainActor _ in screen.show(1) }
        try signal.connect(senders: [sender], keys: ["a"], weak: screen) { @MainActor screen, _ in screen.show(2) }
        try signal.connect(senders: [sender], keys: ["a"], on: counter) { counter, _ in counter.pass(3) }
        try signal.connect(senders: [sender], keys: ["a"], on: counter) { counter, _ in
            await Task.yield()
            return counter.pass(4)
        }
        #expect(values(try await signal.send(senders: [sender])) == [1, 2, 3, 4])
        #expect(values(try await signal.send(keys: ["a"])) == [1, 2, 3, 4])
        #expect(values(try await signal.send()).isEmpty)
    }

    @Test func `a receiver on the main actor ends with its owner`() async throws {
        var screen: Screen? = Screen()
        do {
            let owner = try #require(screen)
            try signal.connect(weak: owner) { @MainActor screen, _ in screen.show(1) }
        }
        #expect(values(try await signal.send()) == [1])
        screen = nil
        #expect(signal.receivers.isEmpty)
    }

    @Test func `a receiver may disconnect itself`() async throws {
        let box = Box()
        box.connection = try signal.connect { _ in
            box.connection?.disconnect()
            return 1
        }
        #expect(values(try await signal.send()) == [1])
        #expect(try await signal.send().isEmpty)
    }

    private final class Box: @unchecked Sendable {
        // Written before the first send, read after.
        var connection: SignalConnection?
    }

    private actor Counter {
        func pass(_ number: Int) -> Int {
            preconditionIsolated()
            return number
        }
    }

    @MainActor private final class Screen {
        func show(_ number: Int) -> Int { number }
        func showLater(_ number: Int) async -> Int { number }
        func receive(_ call: SignalCall<String, Int>) -> Int { 13 }
    }
}

private func twelve(_ call: SignalCall<String, Int>) -> Int { 12 }
private func twelveLater(_ call: SignalCall<String, Int>) async -> Int { 12 }
@MainActor private func twelveOnMain(_ call: SignalCall<String, Int>) -> Int {
    MainActor.preconditionIsolated()
    return 12
}
