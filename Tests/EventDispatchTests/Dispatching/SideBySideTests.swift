import EventDispatch
import EventDispatchTesting
import Foundation
import Testing

/// Line 3 of the contract: asynchronous handlers run to their first suspension in place, then side by side. Those that do not suspend
/// share a task, which nobody is to notice.
@Suite(.timeLimit(.minutes(10))) struct SideBySideTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    /// Subscribes handlers in a `.failFast` phase. Its group keeps tasks that have ended, whose places in memory new ones would have
    /// otherwise.
    private func subscribe(@ClauseBuilder<Ping> _ clauses: () -> [ClauseDeclaration]) throws {
        bag.insert(try dispatcher.subscribe { On(Ping.self) { Phase(.during, .failFast, clauses) } })
    }

    @Test func `handlers that do not suspend share a task`() async throws {
        try subscribe {
            for id in 1...3 { Handle { _ async in journal.note("\(id) \(task())") } }
        }
        try await dispatcher.fire(Ping())
        let tasks = journal.entries.map { $0.dropFirst(2) }
        #expect(journal.entries.map { $0.prefix(1) } == ["1", "2", "3"])
        #expect(Set(tasks).count == 1)
    }

    @Test func `a handler that suspends leaves the others to another task`() async throws {
        let gate = Gate()
        try subscribe {
            Handle { _ async in journal.note("1 \(task())") }
            Handle { _ in
                journal.note("2 \(task())")
                try await gate.wait()
                journal.note("2 \(task())")
            }
            Handle { _ async in journal.note("3 \(task())") }
            Handle { _ async in journal.note("4 \(task())") }
            Handle { _ in gate.open() }.priority(-1)
        }
        try await dispatcher.fire(Ping())
        try #require(journal.entries.map { $0.prefix(1) } == ["1", "2", "3", "4", "2"])
        let tasks = journal.entries.map { $0.dropFirst(2) }
        #expect(tasks[0] == tasks[1])
        #expect(tasks[1] != tasks[2])
        #expect(tasks[2] == tasks[3])
        #expect(tasks[4] == tasks[1])
    }

    @Test func `a synchronous handler runs in the firing task`() async throws {
        try subscribe {
            Handle { _ async in journal.note("1 \(task())") }
            Handle { _ in journal.note("2 \(task())") }
            Handle { _ async in journal.note("3 \(task())") }
        }
        journal.note("0 \(task())")
        try await dispatcher.fire(Ping())
        let tasks = journal.entries.map { $0.dropFirst(2) }
        try #require(journal.entries.map { $0.prefix(1) } == ["0", "1", "2", "3"])
        #expect(tasks[2] == tasks[0])
        #expect(Set(tasks).count == 3)
    }

    @Test func `a synchronous handler that cancels its task cancels the fire`() async throws {
        try subscribe {
            Handle { _ async in }
            Handle { _ in withUnsafeCurrentTask { $0?.cancel() } }
            Handle { _ async in journal.note("3") }
        }
        let task = Task { [dispatcher] in
            let report = try await dispatcher.fireReporting(Ping())
            return (report.outcomes.map { "\($0.result)" }, Task.isCancelled)
        }
        let (results, isCancelled) = try await task.value
        #expect(results == ["cancelled"])
        #expect(isCancelled)
        #expect(journal.entries.isEmpty)
    }

    @Test func `a handler that cancels its own task cancels no other`() async throws {
        try subscribe {
            Handle("cancelling") { _ async in withUnsafeCurrentTask { $0?.cancel() } }
            for id in 1...3 { Handle { _ async in journal.note("\(id) \(Task.isCancelled)") } }
        }
        let report = try await dispatcher.fire(Ping())
        #expect(report.succeeded == 4)
        #expect(journal.entries == ["1 false", "2 false", "3 false"])
    }

    @Test func `a handler that goes on elsewhere starts no other`() async throws {
        let gate = Gate()
        let hasEnded = ThreadGate()
        try subscribe {
            Handle { _ in
                try await gate.wait()
                journal.note("1")
                hasEnded.open()
            }
            Handle { _ in
                gate.open()
                // The first goes on in another thread, and must not start the third before this one has ended.
                hasEnded.wait()
                letOthersErr()
                journal.note("2")
            }
            Handle { _ async in journal.note("3") }
        }
        let fire = ThreadTasks().start { [dispatcher] in try? await dispatcher.fire(Ping()) }
        #expect(await fire.value?.succeeded == 3)
        #expect(journal.entries == ["1", "2", "3"])
    }

    @Test func `a handler that goes on inside another starts no other`() async throws {
        let gate = Gate()
        try subscribe {
            Handle { _ in
                try await gate.wait()
                journal.note("1")
            }
            Handle { _ async in
                gate.open()
                journal.note("2")
            }
            Handle { _ async in journal.note("3") }
        }
        // Resumed inside `open`, on the same thread.
        let fire = InlineTasks().start { [dispatcher] in try? await dispatcher.fire(Ping()) }
        #expect(await fire.value?.succeeded == 3)
        #expect(journal.entries == ["1", "2", "3"])
    }

    @Test func `a fire inside a handler leaves the others in place`() async throws {
        struct Inner: MatchableEvent {}
        for id in 1...2 { bag.insert(try dispatcher.on(Inner.self) { _ async in journal.note("inner \(id)") }) }
        try subscribe {
            for id in 1...3 {
                Handle { _ in
                    journal.note("\(id) \(task())")
                    try await DispatchContext.current?.dispatcher.fire(Inner())
                }
            }
        }
        try await dispatcher.fire(Ping())
        let own = journal.entries.filter { !$0.hasPrefix("inner") }
        #expect(own.map { $0.prefix(1) } == ["1", "2", "3"])
        #expect(Set(own.map { $0.dropFirst(2) }).count == 1)
        #expect(journal.entries.count == 9)
    }

    /// What tells the calling task from others.
    private func task() -> Int { withUnsafeCurrentTask { $0.hashValue } }
}
