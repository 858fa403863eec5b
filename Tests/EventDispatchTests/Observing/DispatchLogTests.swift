import EventDispatch
import EventDispatchTesting
import Testing

/// The log: a line for each thing that happens.
@Suite(.timeLimit(.minutes(10))) struct DispatchLogTests {
    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()

    private struct Bell: MatchableEvent {
        static var eventName: String { "Bell" }
    }

    /// What could break a line, or drive a terminal.
    private static let hostile = "a\r\nb\u{1B}[2Jc\0d\u{202E}e\u{2066}f\u{2028}g\u{85}h\u{7F}i\u{200F}j"
    private static let escaped =
        #"a\r\nb\u{1B}[2Jc\0d\u{202E}e\u{2066}f\u{2028}g\u{0085}h\u{7F}i\u{200F}j"#

    init() {
        dispatcher = EventDispatcher(clock: clock, postPolicy: .reject(capacity: 1))
        dispatcher.observe(with: DispatchLog { [journal] in journal.note($0) })
    }

    @Test func `each thing that happens is one line`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Bell.self) {
                Handle("a", line: 12) { _ in clock.advance(by: .seconds(2)) }
                Handle("b", line: 34) { _ in throw CancellationError() }
            }
        }
        _ = try? dispatcher.fireSynchronously(Bell())
        #expect(
            journal.entries == [
                "fire Bell",
                "start Bell 'a' at \(#fileID):12 (during)",
                "end Bell 'a' at \(#fileID):12 (during) succeeded (2.0 seconds)",
                "start Bell 'b' at \(#fileID):34 (during)",
                "end Bell 'b' at \(#fileID):34 (during) failed: CancellationError() (0.0 seconds)",
                "done Bell: 2 matched, 1 succeeded",
            ]
        )
        subscription.cancel()
    }

    @Test func `an unhandled event and a dropped post have their lines`() async throws {
        try dispatcher.fireSynchronously(Bell())
        await dispatcher.stop()
        #expect(throws: DispatchError.self) { _ = try dispatcher.postNow(Letter(1)) }
        #expect(
            journal.entries == [
                "fire Bell", "unhandled Bell", "done Bell: 0 matched, 0 succeeded", "dropped Letter: stopped",
            ]
        )
    }

    @Test func `a nested fire shows its path`() throws {
        let subscription = try dispatcher.on(Letter.self) { [dispatcher] _ in try dispatcher.fireSynchronously(Bell()) }
        try dispatcher.fireSynchronously(Letter(1))
        #expect(journal.entries.filter { $0.hasPrefix("fire") } == ["fire Letter", "fire Letter → Bell"])
        #expect(journal.entries.filter { $0.hasPrefix("unhandled") } == ["unhandled Letter → Bell"])
        subscription.cancel()
    }

    @Test func `control characters in a handler's name are escaped`() throws {
        let subscription = try dispatcher.subscribe { On(Bell.self) { Handle(Self.hostile) { _ in } } }
        try dispatcher.fireSynchronously(Bell())
        #expect(journal.entries.count == 4)
        #expect(journal.entries[1].hasPrefix("start Bell '\(Self.escaped)' at "))
        #expect(journal.entries.allSatisfy(Self.isHarmless))
        subscription.cancel()
    }

    @Test func `control characters in an error are escaped`() throws {
        let subscription = try dispatcher.on(Bell.self) { _ in throw HostileError() }
        _ = try? dispatcher.fireSynchronously(Bell())
        #expect(journal.entries.count == 4)
        #expect(journal.entries[2].contains("failed: \(Self.escaped) ("))
        #expect(journal.entries.allSatisfy(Self.isHarmless))
        subscription.cancel()
    }

    @Test func `control characters in the error of a nested fire are escaped`() throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) { Handle { [dispatcher] _ in try dispatcher.fireSynchronously(Bell()) } }
            On(Bell.self) { Handle { _ in throw HostileError() } }
        }
        _ = try? dispatcher.fireSynchronously(Letter(1))
        #expect(journal.entries.filter { $0.contains("failed: \(Self.escaped) (") }.count == 2)
        #expect(journal.entries.allSatisfy(Self.isHarmless))
        subscription.cancel()
    }

    @Test func `control characters in an event's name are escaped`() async throws {
        try dispatcher.fireSynchronously(HostileEvent())
        await dispatcher.stop()
        _ = try? dispatcher.postNow(HostileEvent())
        #expect(
            journal.entries == [
                "fire \(Self.escaped)", "unhandled \(Self.escaped)", "done \(Self.escaped): 0 matched, 0 succeeded",
                "dropped \(Self.escaped): stopped",
            ]
        )
    }

    @Test func `control characters in an event's name are escaped in reports and errors too`() async throws {
        let subscription = try dispatcher.on(HostileEvent.self) { _ in await Task.yield() }
        let report = try await dispatcher.fireReporting(HostileEvent())
        let listed = try #require(dispatcher.handlers.first)
        let refused = #expect(throws: DispatchError.self) { try dispatcher.fireSynchronously(HostileEvent()) }
        await dispatcher.stop()
        let stopped = await #expect(throws: DispatchError.self) { try await dispatcher.fire(HostileEvent()) }
        for text in ["\(report)", "\(listed)", refused?.description, stopped?.description] {
            #expect(text.map(Self.isHarmless) ?? false)
        }
        subscription.cancel()
    }

    @Test func `a very long name is written whole`() throws {
        let name = String(repeating: "x", count: 65_536)
        let subscription = try dispatcher.subscribe { On(Bell.self) { Handle(name) { _ in } } }
        try dispatcher.fireSynchronously(Bell())
        #expect(journal.entries[1].utf8.count > 65_536)
        subscription.cancel()
    }

    @Test func `without a closure it writes to standard error`() async throws {
        let result = try #require(
            await #expect(processExitsWith: .success, observing: [\.standardErrorContent, \.standardOutputContent]) {
                let dispatcher = EventDispatcher()
                dispatcher.observe(with: DispatchLog())
                let name = "two\nlines " + String(repeating: "x", count: 10_000)
                let subscription = try dispatcher.subscribe { On(Letter.self) { Handle(name) { _ in } } }
                try dispatcher.fireSynchronously(Letter(1))
                subscription.cancel()
            }
        )
        let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
        #expect(lines.contains("fire Letter"))
        #expect(lines.contains { $0.hasPrefix(#"start Letter 'two\nlines xxx"#) && $0.hasSuffix("(during)") })
        #expect(lines.contains("done Letter: 1 matched, 1 succeeded"))
        #expect(!String(decoding: result.standardOutputContent, as: UTF8.self).contains("fire Letter"))
    }

    /// Whether a text is one line without anything that drives a terminal.
    private static func isHarmless(_ line: String) -> Bool {
        line.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    private struct HostileError: Error, CustomStringConvertible {
        var description: String { hostile }
    }

    private struct HostileEvent: MatchableEvent {
        static var eventName: String { hostile }
    }
}
