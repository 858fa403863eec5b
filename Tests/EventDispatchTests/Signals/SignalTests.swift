import EventDispatch
import EventDispatchTesting
import Testing

@Suite struct SignalTests {
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

    @Test func aSignalThatGoesTakesItsReceiversFromTheDispatcher() throws {
        let dispatcher = EventDispatcher()
        var brief: Signal<String, Int>? = Signal("default", dispatcher: dispatcher)
        try brief?.connect { _ in 1 }
        #expect(dispatcher.subscriptions.count == 1)
        brief = nil
        #expect(dispatcher.subscriptions.isEmpty)
    }

    @Test func otherHandlersOfASharedDispatcherAndPrioritiesChangeNoResults() async throws {
        let dispatcher = EventDispatcher()
        let signal = Signal<String, Int>("default", dispatcher: dispatcher)
        let log = try dispatcher.subscribe { OnAny { _ in } }
        try signal.connect { _ in throw Failed() }
        try signal.connect(Handle { _ in 2 }.priority(5))
        let results = try await signal.send()
        #expect(results.count == 2)
        #expect(throws: Failed.self) { try results[0].get() }
        #expect(try results[1].get() == 2)
        log.cancel()
    }

    @Test func aSendReturnsEachReceiversResultInTheOrderOfConnection() async throws {
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

    @Test func aSignalWithoutRepliesReturnsWhetherEachReceiverSucceeded() async throws {
        let signal = Signal<Void, Void>()
        try signal.connect { _ in }
        try signal.connect { _ in throw Failed() }
        let results = try await signal.send()
        #expect(results.map { (try? $0.get()) != nil } == [true, false])
    }

    @Test func defaultsAreSetByTheSignalAndReplacedByASend() async throws {
        try signal.connect { call in
            journal.note(call.payload)
            return 0
        }
        try await signal.send()
        try await signal.send("mine")
        #expect(journal.entries == ["default", "mine"])
    }

    @Test func aReceiverWithKeysIsReachedByAnyOfThem() async throws {
        try signal.connect(keys: ["a", "b"]) { _ in 1 }
        try signal.connect(keys: [7]) { _ in 2 }
        #expect(values(try await signal.send(keys: ["a"])) == [1])
        #expect(values(try await signal.send(keys: ["b", 7])) == [1, 2])
        #expect(values(try await signal.send(keys: ["a", "b"])) == [1])
        #expect(values(try await signal.send(keys: ["c"])).isEmpty)
        #expect(values(try await signal.send()).isEmpty)
    }

    @Test func aReceiverWithoutSendersAndKeysIsReachedByEverySend() async throws {
        let sender = Sender()
        try signal.connect { _ in 1 }
        try signal.connect(senders: [sender]) { _ in 2 }
        #expect(values(try await signal.send()) == [1])
        #expect(values(try await signal.send(senders: [sender])) == [1, 2])
        #expect(values(try await signal.send(keys: ["a"])) == [1])
    }

    @Test func equalSendersStayTwo() async throws {
        let (first, second) = (EqualSender(), EqualSender())
        try signal.connect(senders: [first]) { _ in 1 }
        try signal.connect(senders: [second]) { _ in 2 }
        #expect(values(try await signal.send(senders: [first])) == [1])
        #expect(values(try await signal.send(senders: [first, second])) == [1, 2])
    }

    @Test func senderAndKeyTogetherCallAReceiverOnce() async throws {
        let sender = Sender()
        try signal.connect(senders: [sender], keys: ["a"]) { _ in 1 }
        #expect(values(try await signal.send(senders: [sender], keys: ["a"])) == [1])
        #expect(values(try await signal.send(senders: [sender])) == [1])
        #expect(values(try await signal.send(keys: ["a"])) == [1])
    }

    @Test func withItsSenderAConnectionEnds() async throws {
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

    @Test func aNewObjectAtTheAddressOfADeadSenderReachesNothing() async throws {
        for _ in 0..<200 {
            try signal.connect(senders: [Sender()], keys: ["kept"]) { _ in 1 }
            try #require(values(try await signal.send(senders: [Sender()])).isEmpty)
            signal.disconnectAll()
        }
    }

    @Test func aReceiverGetsTheSignalTheSendersAndTheKeys() async throws {
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

    @Test func signalsOfOneDispatcherDoNotMeet() async throws {
        let dispatcher = EventDispatcher()
        let (first, second) = (Signal<Int, Int>(1, dispatcher: dispatcher), Signal<Int, Int>(2, dispatcher: dispatcher))
        try first.connect { call in call.payload }
        try second.connect { call in call.payload }
        #expect(values(try await first.send()) == [1])
        #expect(values(try await second.send()) == [2])
    }

    @Test func aReceiverCanBeDisconnected() async throws {
        let first = try signal.connect { _ in 1 }
        let second = try signal.connect { _ in 2 }
        #expect(signal.receivers == [first, second])
        signal.disconnect(first)
        #expect(signal.receivers == [second])
        #expect(values(try await signal.send()) == [2])
    }

    @Test func aReceiverCanBeDisconnectedFromSomeSendersAndKeys() async throws {
        let (first, second) = (Sender(), Sender())
        let connection = try signal.connect(senders: [first, second], keys: ["a", "b"]) { _ in 1 }
        signal.disconnect(connection, senders: [first], keys: ["a"])
        #expect(values(try await signal.send(senders: [first], keys: ["a"])).isEmpty)
        #expect(values(try await signal.send(senders: [second])) == [1])
        #expect(values(try await signal.send(keys: ["b"])) == [1])
        signal.disconnect(connection, senders: [second], keys: ["b"])
        #expect(!connection.isActive)
    }

    @Test func allReceiversCanBeDisconnected() async throws {
        try signal.connect { _ in 1 }
        try signal.connect(keys: ["a"]) { _ in 2 }
        signal.disconnectAll()
        #expect(signal.receivers.isEmpty)
        #expect(try await signal.send(keys: ["a"]).isEmpty)
    }

    @Test func aClosureWithoutOwnerIsNeverDropped() async throws {
        try signal.connect { _ in 1 }
        #expect(values(try await signal.send()) == [1])
    }

    @Test func aWeakReceiverEndsWithItsOwner() async throws {
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

    @Test func receiversTakeTheFormsOfHandle() async throws {
        let counter = Counter()
        try signal.connect { @MainActor _ in
            MainActor.preconditionIsolated()
            return 1
        }
        try signal.connect { _ in
            await Task.yield()
            return 2
        }
        try signal.connect(Handle(on: counter) { counter, _ in counter.next() }.limit(1))
        try signal.connect(weak: journal) { _, _ in
            await Task.yield()
            return 4
        }
        #expect(values(try await signal.send()) == [1, 2, 3, 4])
        #expect(values(try await signal.send()) == [1, 2, 4])
    }

    @Test func aReceiverMayDisconnectItself() async throws {
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
        private var count = 2
        func next() -> Int {
            count += 1
            return count
        }
    }
}
