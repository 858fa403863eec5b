import EventDispatch
import EventDispatchTesting
import Synchronization
import TestSupport
import Testing

/// The queue under load: nothing is lost unreported, whoever drains, stops and starts meanwhile.
@Suite(.timeLimit(.minutes(10)), .serialized) struct PostStressTests {
    /// Counts what becomes of events.
    private final class Ledger: DispatchObserver {
        let fired = Tally()
        let dropped = Tally()

        func dropped(_ event: any MatchableEvent, reason: DropReason) { dropped.increment() }
    }

    @Test(arguments: [
        PostPolicy.suspend(capacity: 1), .suspend(capacity: 16), .reject(capacity: 16), .dropOldest(capacity: 16),
    ])
    func `every post of eight producers is fired or dropped and counted`(policy: PostPolicy) async throws {
        let count = scaled(50, full: 1_000)
        let dispatcher = EventDispatcher(postPolicy: policy)
        let ledger = Ledger()
        dispatcher.observe(with: ledger)
        let subscription = try dispatcher.on(Letter.self) { letter in
            ledger.fired.increment()
            if letter.number.isMultiple(of: 64) { await Task.yield() }
        }
        let producers = Task {
            await withTaskGroup { group in
                for producer in 0..<8 {
                    group.addTask {
                        for number in 0..<count where !Task.isCancelled {
                            try? await dispatcher.post(Letter(number, of: producer))
                        }
                    }
                }
            }
        }
        let finished = await ends {
            await producers.value
            await dispatcher.drain()
        }
        #expect(finished)
        guard finished else { return producers.cancel() }
        #expect(ledger.fired.value + ledger.dropped.value == 8 * count)
        #expect(await dispatcher.stop().dropped == ledger.dropped.value)
        subscription.cancel()
    }

    @Test func `whatever stops and starts meanwhile every post is fired or dropped`() async throws {
        let posts = scaled(500, full: 10_000)
        let dispatcher = EventDispatcher(postPolicy: .reject(capacity: 16))
        let ledger = Ledger()
        dispatcher.observe(with: ledger)
        let subscription = try dispatcher.on(Letter.self) { _ in ledger.fired.increment() }
        let isOver = Flag()
        let stopper = Task {
            while !isOver.isSet {
                await dispatcher.stop(deadline: .zero)
                dispatcher.start()
                await Task.yield()
            }
        }
        await withTaskGroup { group in
            for producer in 0..<4 {
                group.addTask {
                    for number in 0..<posts { try? await dispatcher.post(Letter(number, of: producer)) }
                }
            }
        }
        isOver.set()
        await stopper.value
        await dispatcher.drain()
        let report = await dispatcher.stop()
        #expect(ledger.fired.value + ledger.dropped.value == 4 * posts)
        #expect(report.dropped == ledger.dropped.value)
        #expect(report.isComplete)
        subscription.cancel()
    }

    @Test func `an event posted while a stop comes to its deadline is fired or reported`() async throws {
        let ledger = Ledger()
        var lost = 0
        for _ in 0..<scaled(500, full: 20_000) {
            let dispatcher = EventDispatcher()
            dispatcher.observe(with: ledger)
            let subscription = try dispatcher.on(Letter.self) { _ in ledger.fired.increment() }
            let before = ledger.fired.value + ledger.dropped.value
            try await dispatcher.post(Letter(0))
            let stopping = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                await dispatcher.stop()
            }
            await stopping.value
            await dispatcher.drain()
            if ledger.fired.value + ledger.dropped.value == before { lost += 1 }
            subscription.cancel()
        }
        #expect(lost == 0)
    }

    @Test func `producers that are cancelled at random lose no other event`() async throws {
        let dispatcher = EventDispatcher(postPolicy: .suspend(capacity: 2))
        let ledger = Ledger()
        dispatcher.observe(with: ledger)
        let subscription = try dispatcher.on(Letter.self) { _ in ledger.fired.increment() }
        let rounds = scaled(100, full: 2_000)
        let posted = Tally()
        let cancelled = Tally()
        let finished = await ends {
            for round in 0..<rounds {
                let tasks = (0..<4).map { producer in
                    Task {
                        switch await dispatcher.refusal(of: Letter(round, of: producer)) {
                        case nil: posted.increment()
                        case .cancelled: cancelled.increment()
                        case let code: Issue.record("\(String(describing: code))")
                        }
                    }
                }
                tasks[round % 4].cancel()
                tasks[(round / 4) % 4].cancel()
                for task in tasks { await task.value }
            }
            await dispatcher.drain()
        }
        #expect(finished)
        guard finished else { return }
        #expect(posted.value + cancelled.value == 4 * rounds)
        #expect(ledger.fired.value == posted.value)
        #expect(await dispatcher.stop().dropped == 0)
        subscription.cancel()
    }

    @Test func `every drain and every stop returns under load`() async throws {
        let posts = scaled(200, full: 2_000)
        let dispatcher = EventDispatcher(postPolicy: .dropOldest(capacity: 4))
        let subscription = try dispatcher.on(Letter.self) { _ in await Task.yield() }
        let finished = await ends {
            await withDiscardingTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask { for number in 0..<posts { try? await dispatcher.post(Letter(number)) } }
                    group.addTask { for _ in 0..<posts / 10 { await dispatcher.drain() } }
                }
                group.addTask {
                    for _ in 0..<posts / 10 {
                        await dispatcher.stop()
                        dispatcher.start()
                    }
                }
            }
        }
        #expect(finished)
        subscription.cancel()
    }
}
