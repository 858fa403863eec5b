import EventDispatch
import EventDispatchTesting
import Testing

/// Names that are empty, very long, or would break a line or drive a terminal.
@Suite(.timeLimit(.minutes(10))) struct OddNameTests {
    private static let control = "a\r\nb\u{1B}[31mc\u{0}d\u{2028}e\u{202E}f"
    private let journal = Journal()

    /// An event whose name is what is being tried.
    private struct Oddly: MatchableEvent {
        static let name = Locked("")
        static var eventName: String { name.withLock { $0 } }
        var text = ""
        enum Phases: String, EventPhases {
            case main
        }
        struct MatchKeys: MatchKeySet {
            let text = Key(\.text, name: "a\r\nb\u{1B}[31m")
        }
    }

    private struct Odd: Error, CustomStringConvertible {
        var description: String { OddNameTests.control }
    }

    /// Whatever a dispatcher prints about an event, a handler and an error.
    private func everythingPrinted(named name: String) async throws -> [String] {
        let dispatcher = EventDispatcher(name: name)
        dispatcher.observe(with: DispatchLog { [journal] in journal.note($0) })
        let recorder = EventRecorder(dispatcher)
        let subscription = try dispatcher.subscribe(id: name, fileID: name) {
            On(Oddly.self) {
                Where(\.text == name)
                Handle(name) { _ in throw Odd() }
            }
        }
        var printed: [String] = []
        do {
            try await dispatcher.fire(Oddly(text: name))
        } catch {
            printed += "\(error)".split(separator: "\n").map(String.init)
        }
        let report = try await dispatcher.fireReporting(Oddly(text: name), detail: .all)
        printed += "\(report)".split(separator: "\n").map(String.init)
        printed += report.outcomes.map { "\($0)" }
        printed += "\(dispatcher.explain(Oddly(text: name + "!")))".split(separator: "\n").map(String.init)
        printed += dispatcher.handlers.map { "\($0)" }
        printed += recorder.handlers.map { "\($0)" }
        printed += ["\(Filter<Oddly>(\.text, is: name))", "\(Filter<Oddly>(\.text, hasPrefix: name))"]
        let refused = refusal { () throws(DispatchError) in
            try dispatcher.subscribe(fileID: name) {
                On(Oddly.self) {
                    Where(\.text, matches: "\(name)..\(name)", fileID: name)
                    Handle { _ in }
                }
            }
        }
        printed += ["\(try #require(refused))"]
        subscription.cancel()
        let stopped = await dispatcher.stop()
        printed += ["\(stopped)"]
        let error = await #expect(throws: DispatchError.self) { try await dispatcher.fire(Oddly(), fileID: name) }
        printed += ["\(try #require(error))"]
        do {
            try await EventDispatcher(name: name).expecting {
                Fires(Oddly.self, fileID: name) { Where(\.text == name) }
            } during: {
            }
        } catch {
            printed += "\(error)".split(separator: "\n").map(String.init)
        }
        return printed + journal.entries
    }

    @Test func `control characters are printed escaped wherever something is printed`() async throws {
        Oddly.name.withLock { $0 = Self.control }
        let printed = try await everythingPrinted(named: Self.control)
        #expect(printed.count > 15)
        for line in printed {
            #expect(
                !line.unicodeScalars.contains { $0.value < 32 || $0.value == 0x2028 || $0.value == 0x202E },
                "\(line)"
            )
        }
        #expect(printed.contains { $0.contains(#"a\r\nb\u{1B}[31mc"#) })
    }

    @Test func `empty and very long names are names like others`() async throws {
        for name in ["", String(repeating: "n", count: 65_536)] {
            let dispatcher = EventDispatcher(name: name)
            let subscription = try dispatcher.subscribe(id: name) {
                On(NamedEvent<String>.self) {
                    Where(\.name == name)
                    Handle(name) { [journal] event in journal.note(event.name) }
                }
            }
            try await dispatcher.fire(NamedEvent(name, name))
            try await dispatcher.fire(NamedEvent(name + "x", name))
            #expect(journal.entries.last == name)
            #expect(dispatcher.handlers.map(\.subscriptionID) == [name])
            #expect(dispatcher.subscription(id: name) === subscription)
            dispatcher.cancel(id: name)
            #expect(!subscription.isActive)
        }
        #expect(journal.entries.count == 2)
    }
}
