import EventDispatch
import Testing

/// Every kind of closure and method that `Handle` and `on` take, and where it runs.
@Suite(.timeLimit(.minutes(10))) struct HandleOverloadTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `every kind of closure is taken and runs`() async throws {
        let mailer = Mailer(journal)
        let reader = Reader(journal)
        let screen = await Screen(journal)
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in journal.note("synchronous") }
                Handle { _ in await mailer.send("asynchronous") }
                Handle { @MainActor _ in
                    MainActor.preconditionIsolated()
                    journal.note("main actor")
                }
                Handle { @MainActor _ in await screen.show("main actor, asynchronous") }
                Handle { @concurrent _ in await mailer.send("concurrent") }
                Handle("weak", weak: reader) { reader, _ in reader.note("weak") }
                Handle("weak", weak: reader) { reader, _ in await reader.send("weak, asynchronous") }
                Handle("weak", weak: mailer) { mailer, _ in mailer.sent("weak, on an actor") }
                Handle("weak", weak: mailer) { mailer, _ in
                    await Task.yield()
                    mailer.sent("weak, on an actor, asynchronous")
                }
                Handle("weak", weak: screen) { @MainActor screen, _ in screen.draw("weak, main actor") }
                Handle("weak", weak: screen) { screen, _ in await screen.draw("weak, awaited main actor") }
                Handle("on", on: mailer) { mailer, _ in mailer.sent("on an actor") }
                Handle("on", on: mailer) { mailer, _ in
                    await Task.yield()
                    mailer.sent("on an actor, asynchronous")
                }
            }
        }
        let expected = [
            "synchronous", "asynchronous", "main actor", "main actor, asynchronous", "concurrent", "weak",
            "weak, asynchronous", "weak, on an actor", "weak, on an actor, asynchronous", "weak, main actor",
            "weak, awaited main actor", "on an actor",
            "on an actor, asynchronous",
        ]
        let report = try await dispatcher.fire(Ping())
        #expect(report.succeeded == expected.count)
        #expect(journal.entries.sorted() == expected.sorted())
        subscription.cancel()
    }

    @Test func `every kind of function and method is taken`() async throws {
        let screen = await Screen(journal)
        let synchronous: @Sendable (Ping) -> Void = { [journal] _ in journal.note("closure") }
        let asynchronous: @Sendable (Ping) async -> Void = { [journal] _ in journal.note("asynchronous closure") }
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("function", ignore)
                Handle("asynchronous function", ignoreLater)
                Handle("main-actor function", ignoreOnMain)
                Handle("closure", synchronous)
                Handle("asynchronous closure", asynchronous)
                Handle("method", screen.pinged)
                Handle("asynchronous method", screen.pingedLater)
            }
        }
        let report = try await dispatcher.fire(Ping())
        #expect(report.succeeded == 7)
        subscription.cancel()
    }

    @Test func `one line registers every kind of handler`() async throws {
        let mailer = Mailer(journal)
        let reader = Reader(journal)
        let screen = await Screen(journal)
        let subscriptions = SubscriptionBag()
        subscriptions.insert(try dispatcher.on(Ping.self) { _ in journal.note("synchronous") })
        subscriptions.insert(try dispatcher.on(Ping.self) { _ in await mailer.send("asynchronous") })
        subscriptions.insert(try dispatcher.on(Ping.self) { @MainActor _ in screen.draw("main actor") })
        subscriptions.insert(try dispatcher.on(Ping.self, weak: reader) { reader, _ in reader.note("weak") })
        subscriptions.insert(
            try dispatcher.on(Ping.self, weak: reader) { reader, _ in await reader.send("weak, async") }
        )
        subscriptions.insert(try dispatcher.on(Ping.self, weak: mailer) { mailer, _ in mailer.sent("weak, actor") })
        subscriptions.insert(
            try dispatcher.on(Ping.self, weak: mailer) { mailer, _ in
                await Task.yield()
                mailer.sent("weak, actor, async")
            }
        )
        subscriptions.insert(try dispatcher.on(Ping.self, weak: screen) { @MainActor s, _ in s.draw("weak, main") })
        subscriptions.insert(try dispatcher.on(Ping.self, on: mailer) { mailer, _ in mailer.sent("on") })
        subscriptions.insert(
            try dispatcher.on(Ping.self, where: \.count == 0, during: .after, on: mailer, line: 12) { mailer, _ in
                await Task.yield()
                mailer.sent("on, after")
            }
        )
        let report = try await dispatcher.fire(Ping())
        #expect(report.succeeded == 10)
        #expect(journal.entries.last == "on, after")
        #expect(dispatcher.handlers.last?.filter == #"\.count == 0"#)
        #expect(dispatcher.handlers.last?.location == CallSite(line: 12))
    }

    @Test func `on takes a handle with its modifiers`() throws {
        let handle = Handle<Ping>("once", line: 12) { [journal] event in journal.note("ran for \(event.count)") }.once()
        let subscription = try dispatcher.on(Ping.self, where: \.count == 1, during: .after, handle)
        let listed = try #require(dispatcher.handlers.first)
        #expect(listed.handlerName == "once")
        #expect(listed.location == CallSite(line: 12))
        #expect(listed.filter == #"\.count == 1"#)
        for count in [0, 1, 1] { try dispatcher.fireSynchronously(Ping(count: count)) }
        #expect(journal.entries == ["ran for 1"])
        #expect(!subscription.isActive)
    }

    @Test func `a handle that can't be right is refused at its own line`() throws {
        let handle = Handle<Ping>(line: 12) { _ in }.limit(0, line: 12)
        let error = #expect(throws: DispatchError.self) { try dispatcher.on(Ping.self, handle) }
        #expect(error?.location == CallSite(line: 12))
    }

    @Test func `a weak handler ends with its owner`() async throws {
        var mailer: Reader? = Reader(journal)
        let subscription = try dispatcher.on(Ping.self, weak: try #require(mailer)) { mailer, _ in mailer.note("ran") }
        try dispatcher.fireSynchronously(Ping())
        #expect(dispatcher.handlers.map(\.isOwnerAlive) == [true])
        mailer = nil
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(report.isUnhandled)
        #expect(journal.entries == ["ran"])
        #expect(!dispatcher.hasHandlers(for: Ping.self))
        subscription.cancel()
    }

    @Test func `handlers answer with the event's reply`() async throws {
        struct Quote: MatchableEvent {
            typealias Reply = Int
            let amount: Int
        }
        let subscription = try dispatcher.subscribe {
            On(Quote.self) {
                Handle { event in
                    await Task.yield()
                    return event.amount * 1
                }
                Handle { event in event.amount * 2 }
                Handle { _ in throw Failure() }
                Handle { event in event.amount * 3 }.priority(-1)
                Phase(.before) { Handle { event in event.amount * 4 } }
            }
        }
        let report = try await dispatcher.fireReporting(Quote(amount: 10))
        #expect(report.replies == [40, 10, 20, 30])
        #expect(report.succeeded == 4)
        subscription.cancel()
    }
}

private struct Failure: Error {}

private func ignore(_ event: Ping) {}
private func ignoreLater(_ event: Ping) async { await Task.yield() }
@MainActor private func ignoreOnMain(_ event: Ping) { MainActor.preconditionIsolated() }

private actor Mailer {
    private nonisolated let journal: Journal
    init(_ journal: Journal) { self.journal = journal }
    func send(_ text: String) { journal.note(text) }
    func sent(_ text: String) {
        preconditionIsolated()
        journal.note(text)
    }
}

private final class Reader: Sendable {
    private let journal: Journal
    init(_ journal: Journal) { self.journal = journal }
    func note(_ text: String) { journal.note(text) }
    func send(_ text: String) async { journal.note(text) }
}

@MainActor private final class Screen {
    private let journal: Journal
    init(_ journal: Journal) { self.journal = journal }
    func draw(_ text: String) { journal.note(text) }
    func show(_ text: String) async { journal.note(text) }
    func pinged(_ event: Ping) { journal.note("pinged") }
    func pingedLater(_ event: Ping) async { journal.note("pinged later") }
}
