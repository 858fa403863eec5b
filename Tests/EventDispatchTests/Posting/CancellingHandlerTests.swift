import EventDispatch
import EventDispatchTesting
import Testing

/// Line 11 of the contract: a handler of a posted event that cancels the task it runs in cancels itself and no other.
@Suite(.timeLimit(.minutes(10))) struct CancellingHandlerTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let results = Journal()
    private let gate = Gate()

    private struct Results: DispatchObserver {
        let journal: Journal
        func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {
            journal.note("\(outcome.handler.name) \(outcome.result)")
        }
    }

    private func note(_ name: String) { journal.note(Task.isCancelled ? "\(name), cancelled" : name) }

    private func cancelTask() { withUnsafeCurrentTask { $0?.cancel() } }

    private func post() async throws {
        dispatcher.observe(with: Results(journal: results))
        try await dispatcher.post(Letter(1))
        await dispatcher.drain()
    }

    @Test(arguments: [PhaseOptions(), .serial])
    func `synchronous handlers after it run`(options: PhaseOptions) async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Phase(.during, options) {
                    Handle("a") { _ in cancelTask() }
                    Handle("b") { _ in note("b") }
                    Handle("c") { _ in cancelTask() }
                    Handle("d") { _ in note("d") }
                }
                Phase(.after) { Handle("e") { _ in note("e") } }
            }
        }
        try await post()
        #expect(journal.entries == ["b", "d", "e"])
        #expect(results.entries == ["a", "b", "c", "d", "e"].map { "\($0) succeeded" })
        subscription.cancel()
    }

    @Test func `handlers after one that is awaited run`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Handle("a") { _ in
                    cancelTask()
                    await Task.yield()
                }
                Phase(.after) {
                    Handle("b") { _ in
                        await Task.yield()
                        note("b")
                    }
                }
            }
        }
        try await post()
        #expect(journal.entries == ["b"])
        #expect(results.entries == ["a succeeded", "b succeeded"])
        subscription.cancel()
    }

    @Test func `handlers that run beside it go on`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Handle("a") { _ in
                    try await gate.wait()
                    note("a")
                }
                Handle("b") { _ in cancelTask() }
                Handle("c") { _ in
                    note("c")
                    await Task.yield()
                    cancelTask()
                }
                Handle("d") { _ in note("d") }
                Handle("e") { _ in
                    gate.open()
                    note("e")
                    await Task.yield()
                }
                Phase(.after) { Handle("f") { _ in note("f") } }
            }
        }
        try await post()
        #expect(journal.entries.filter { $0 != "a" } == ["c", "d", "e", "f"])
        #expect(Set(results.entries) == Set(["a", "b", "c", "d", "e", "f"].map { "\($0) succeeded" }))
        subscription.cancel()
    }

    @Test func `limits and failures are counted across it`() async throws {
        struct Failure: Error {}
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Rule {
                    Handle("a") { _ in cancelTask() }
                    Handle("b") { _ in note("b") }
                }
                .limit(1)
                Handle("c") { _ in throw Failure() }
            }
        }
        try await post()
        try await dispatcher.post(Letter(2))
        await dispatcher.drain()
        #expect(journal.entries == ["b"])
        #expect(results.entries == ["a succeeded", "b succeeded", "c failed: Failure()", "c failed: Failure()"])
        subscription.cancel()
    }
}
