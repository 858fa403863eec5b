import EventDispatch
import TestSupport
import Testing

/// Handlers that come and go while events are fired.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ChangeStormTests {
    private let dispatcher = EventDispatcher()

    /// What standing handlers have seen of the fire that is going on.
    private final class Roll: Sendable {
        private let calls: Locked<[Int]>

        init(count: Int) { calls = Locked(Array(repeating: 0, count: count)) }

        func call(_ number: Int) { calls.withLock { $0[number] += 1 } }

        /// How often each was called.
        var counts: [Int] { calls.withLock { $0 } }
    }

    @Test func `registering and cancelling during fires skips and doubles nobody`() async throws {
        let standing = 16
        let fires = scaled(1_000, full: 20_000)
        let roll = Roll(count: standing)
        var subscriptions: [EventSubscription] = []
        for number in 0..<standing {
            subscriptions.append(
                try dispatcher.on(Sample<Int>.self, where: number.isMultiple(of: 2) ? \.value >= 0 : nil) { _ in
                    roll.call(number)
                }
            )
        }
        let comeAndGo: @Sendable (Int) -> Void = { [dispatcher] _ in
            let coming = (0..<8).compactMap { number in
                try? dispatcher.on(Sample<Int>.self, where: \.value == number || \.value < -1) { _ in }
            }
            for subscription in coming { subscription.cancel() }
        }
        let wrong = await beside(threads: 2, turns: 1, comeAndGo) { step in
            (0..<fires).filter { value in
                step()
                guard let report = try? dispatcher.fireSynchronously(Sample(value % 8)) else { return true }
                return report.succeeded < standing
            }.count
        }
        #expect(wrong == 0)
        #expect(roll.counts == Array(repeating: fires, count: standing))
        for subscription in subscriptions { subscription.cancel() }
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a subscription cancelled from two threads at once ends once`() async throws {
        for round in 0..<scaled(20, full: 200) {
            let capture = WeakCapture()
            let subscription = try capture.subscribe(to: dispatcher)
            let other = try dispatcher.on(Ping.self) { _ in }
            _ = await onThreads(2) { _ in subscription.cancel() }
            try #require(capture.isFreed, "round \(round)")
            try #require(try dispatcher.fireSynchronously(Ping()).matched == 1)
            other.cancel()
        }
    }

    @Test func `every one of many handlers may remove itself and all run once`() throws {
        let count = scaled(200, full: 2_000)
        let subscriptions = SubscriptionBag()
        let starts = Tally()
        let mine = Locked<[Int: EventSubscription]>([:])
        for number in 0..<count {
            let subscription = try dispatcher.on(Ping.self) { _ in
                starts.increment()
                mine.withLock { $0[number] }?.cancel()
            }
            mine.withLock { $0[number] = subscription }
            subscriptions.insert(subscription)
        }
        #expect(try dispatcher.fireSynchronously(Ping()).succeeded == count)
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        #expect(starts.value == count)
        mine.withLock { $0 = [:] }
    }

    @Test func `a handler that cancels the next is followed by the one after it`() throws {
        let journal = Journal()
        let next = Locked<EventSubscription?>(nil)
        let subscriptions = SubscriptionBag()
        subscriptions.insert(
            try dispatcher.on(Ping.self) { _ in
                journal.note("first")
                next.withLock { $0 }?.cancel()
            }
        )
        let second = try dispatcher.on(Ping.self) { _ in journal.note("second") }
        next.withLock { $0 = second }
        subscriptions.insert(try dispatcher.on(Ping.self) { _ in journal.note("third") })
        for _ in 0..<2 { try dispatcher.fireSynchronously(Ping()) }
        #expect(journal.entries == ["first", "third", "first", "third"])
        next.withLock { $0 = nil }
    }
}
