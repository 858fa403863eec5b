import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Events that lead back to themselves.
@Suite(.timeLimit(.minutes(10))) struct CircleTests {
    private struct There: MatchableEvent { static var eventName: String { "There" } }
    private struct Back: MatchableEvent { static var eventName: String { "Back" } }

    private let one = EventDispatcher(maximumDepth: 8)
    private let two = EventDispatcher(maximumDepth: 8)
    private let bag = SubscriptionBag()

    @Test func `two dispatchers that fire into each other from two threads end in errors and not in a deadlock`()
        async throws
    {
        bag.insert(try one.on(There.self) { [two] _ in try two.fireSynchronously(Back()) })
        bag.insert(try two.on(Back.self) { [one] _ in try one.fireSynchronously(There()) })
        let rounds = scaled(50, full: 500)
        let errors = await onThreads(2) { [one, two] number in
            (0..<rounds).compactMap { _ -> String? in
                do {
                    if number == 0 { try one.fireSynchronously(There()) } else { try two.fireSynchronously(Back()) }
                    return nil
                } catch {
                    return "\(error)"
                }
            }
        }
        #expect(errors.map(\.count) == [rounds, rounds])
        for error in errors.flatMap({ $0 }) {
            try #require(error.contains("fires are nested deeper than 8: "))
        }
        bag.cancel()
    }

    @Test func `two dispatchers that fire into each other from tasks end in errors and not in a deadlock`() async throws
    {
        bag.insert(
            try one.on(There.self) { [two] _ in
                await Task.yield()
                try await two.fire(Back())
            }
        )
        bag.insert(try two.on(Back.self) { [one] _ in try await one.fire(There()) })
        let failed = Tally()
        await withTaskGroup { group in
            for number in 0..<16 {
                group.addTask { [one, two] in
                    do {
                        if number.isMultiple(of: 2) { try await one.fire(There()) } else { try await two.fire(Back()) }
                    } catch { failed.increment() }
                }
            }
        }
        #expect(failed.value == 16)
        bag.cancel()
    }

    @Test func `an event that comes back to its own handler runs it deeper each time`() async throws {
        let journal = Journal()
        bag.insert(
            try one.subscribe {
                On(There.self) {
                    Handle { [one] _ in
                        let depth = DispatchContext.current?.path.count ?? 0
                        journal.note("there \(depth)")
                        if depth < 4 { try await one.fire(Back()) }
                        journal.note("done \(depth)")
                    }
                }
                On(Back.self) {
                    Handle { [one] _ in
                        journal.note("back \(DispatchContext.current?.path.count ?? 0)")
                        try await one.fire(There())
                    }
                }
            }
        )
        try await one.fire(There())
        #expect(
            journal.entries == [
                "there 1", "back 2", "there 3", "back 4", "there 5", "done 5", "done 3", "done 1",
            ]
        )
        bag.cancel()
    }

    @Test func `what a handler posts is fired after it and what it fires inside it`() async throws {
        let journal = Journal()
        bag.insert(
            try one.subscribe {
                On(There.self) {
                    Handle { [one] _ in
                        _ = try one.postNow(Back())
                        journal.note("posted")
                        try one.fireSynchronously(Ping())
                        journal.note("fired")
                    }
                    Handle { _ in journal.note("second") }
                }
                On(Ping.self) { Handle { _ in journal.note("inside") } }
                On(Back.self) { Handle { _ in journal.note("after \(DispatchContext.current?.path ?? [])") } }
            }
        )
        try await one.post(There())
        await one.drain()
        #expect(journal.entries == ["posted", "inside", "fired", "second", #"after ["Back"]"#])
        bag.cancel()
    }
}
