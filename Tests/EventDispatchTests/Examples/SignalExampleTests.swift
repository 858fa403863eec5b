import EventDispatch
import Testing

/// The signals of a program that starts and stops.
@Suite(.timeLimit(.minutes(10))) struct SignalExampleTests {
    private let journal = Journal()

    @Test func `a receiver is called when its signal is sent`() async throws {
        let signal = Signal<Void, Void>()
        try signal.connect { _ in journal.note("callback was called!") }
        journal.note("sending the signal.")
        try await signal.send()
        #expect(journal.entries == ["sending the signal.", "callback was called!"])
    }

    @Test func `a program signals that it starts and stops`() async throws {
        let started = Signal<String, Void>("")
        let stopped = Signal<String, Void>("")
        let note: @Sendable (SignalCall<String, Void>) -> Void = { [journal] call in
            journal.note("\(call.payload) \(call.keys)")
        }
        try started.connect(keys: ["loading config"], note)
        try stopped.connect(note)
        try await started.send("foo", keys: ["loading config"])
        try await started.send("bar")
        try await stopped.send("foo")
        #expect(journal.entries == [#"foo ["loading config"]"#, "foo []"])
    }
}
