import EventDispatch
import EventDispatchTesting
import Synchronization
import TestSupport
import Testing

/// Limits that many want to use up at once.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ContestTests {
    @Test func `of sixty four tasks that fire at once one gets the only start`() async throws {
        for round in 0..<scaled(50, full: 1_000) {
            let dispatcher = EventDispatcher()
            let starts = Tally()
            let subscription = try dispatcher.subscribe { On(Ping.self) { Handle { _ in starts.increment() }.once() } }
            let matched = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<64 {
                    group.addTask { (try? await dispatcher.fire(Ping()).matched) ?? -1 }
                }
                return await group.reduce(0, +)
            }
            try #require(starts.value == 1, "round \(round)")
            try #require(matched == 1, "round \(round)")
            try #require(!subscription.isActive)
        }
    }

    @Test func `asynchronous handlers in flight are never more than the limit has starts`() async throws {
        for counting in [true, false] {
            let dispatcher = EventDispatcher()
            let gate = Gate()
            let starts = Tally()
            let subscription = try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { _ in
                        starts.increment()
                        await gate.waitIgnoringCancellation()
                        if counting { throw CancellationError() }
                    }
                    .limit(5, counting: counting ? .successes : .starts)
                }
            }
            let fires = (0..<20).map { _ in Task { try await dispatcher.fireReporting(Ping()).matched } }
            await gate.arrivals(5)
            #expect(starts.value == 5)
            gate.open()
            var matched = 0
            for fire in fires { matched += try await fire.value }
            #expect(counting ? starts.value >= 5 : starts.value == 5)
            #expect(matched == starts.value)
            #expect(subscription.isActive == counting)
            subscription.cancel()
        }
    }

    @Test func `a task that is cancelled before the start gives it back`() async throws {
        let dispatcher = EventDispatcher()
        let starts = Tally()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    await Task.yield()
                    starts.increment()
                }
                .once()
            }
        }
        for _ in 0..<10 {
            let fire = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await dispatcher.fire(Ping())
            }
            await #expect(throws: CancellationError.self) { try await fire.value }
        }
        #expect(starts.value == 0)
        #expect(subscription.isActive)
        try await dispatcher.fire(Ping())
        #expect(starts.value == 1)
        #expect(!subscription.isActive)
    }
}
