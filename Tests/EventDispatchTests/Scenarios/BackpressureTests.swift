import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// A producer that is ten times as fast as its consumer.
@Suite(.timeLimit(.minutes(10))) struct BackpressureTests {
    /// Counts the parcels that are alive.
    private final class Census: Sendable {
        private let state = Locked((alive: 0, most: 0))

        func born() { state.withLock { $0 = ($0.alive + 1, max($0.most, $0.alive + 1)) } }
        func died() { state.withLock { $0.alive -= 1 } }
        /// The most that were alive at once.
        var most: Int { state.withLock { $0.most } }
        var alive: Int { state.withLock { $0.alive } }
    }

    private final class Load: Sendable {
        private let census: Census

        init(_ census: Census) {
            self.census = census
            census.born()
        }

        deinit { census.died() }
    }

    private struct Parcel: MatchableEvent {
        let number: Int
        let load: Load
    }

    private final class Drops: DispatchObserver {
        let numbers = Locked<[Int]>([])
        func dropped(_ event: any MatchableEvent, reason: DropReason) {
            guard let parcel = event as? Parcel else { return }
            numbers.withLock { $0.append(parcel.number) }
        }
    }

    private static let capacity = 16

    @Test(arguments: [
        PostPolicy.suspend(capacity: capacity), .reject(capacity: capacity), .dropOldest(capacity: capacity),
    ])
    func `memory is bounded and every drop is counted`(policy: PostPolicy) async throws {
        let count = scaled(500, full: 5_000)
        let dispatcher = EventDispatcher(postPolicy: policy)
        let census = Census()
        let drops = Drops()
        dispatcher.observe(with: drops)
        let taken = Locked<[Int]>([])
        // The handler takes its first event when the queue has overflowed; one whose producer is to wait doesn't let that happen.
        let hasOverflowed = Gate()
        if case .suspend = policy { hasOverflowed.open() }
        let subscription = try dispatcher.on(Parcel.self) { parcel in
            await hasOverflowed.waitIgnoringCancellation()
            await Task.yield()
            taken.withLock { $0.append(parcel.number) }
        }
        for number in 0..<count {
            try? await dispatcher.post(Parcel(number: number, load: Load(census)))
            if number == 2 * Self.capacity { hasOverflowed.open() }
        }
        await dispatcher.drain()
        let handled = taken.withLock { $0 }
        let dropped = drops.numbers.withLock { $0 }
        #expect(handled == handled.sorted())
        #expect((handled + dropped).sorted() == Array(0..<count))
        #expect(await dispatcher.stop().dropped == dropped.count)
        // What is queued, what is being handled, and what the producer and the pump have in hand.
        #expect(census.most <= Self.capacity + 4)
        #expect(await comesTrue { census.alive == 0 })
        if case .suspend = policy { #expect(dropped.isEmpty) } else { #expect(!dropped.isEmpty) }
        if case .dropOldest = policy { #expect(handled.last == count - 1) }
        subscription.cancel()
    }

    @Test(arguments: [EventBuffering.newest(capacity), .oldest(capacity)])
    func `a sequence that falls behind keeps its bound and counts every drop`(buffering: EventBuffering) async throws {
        let count = scaled(500, full: 5_000)
        let dispatcher = EventDispatcher()
        let census = Census()
        let events = try dispatcher.events(of: Parcel.self, buffering: buffering)
        var iterator = events.makeAsyncIterator()
        var taken: [Int] = []
        for number in 0..<count {
            try dispatcher.fireSynchronously(Parcel(number: number, load: Load(census)))
            if number % 10 == 9, let parcel = await iterator.next() { taken.append(parcel.number) }
        }
        #expect(taken == taken.sorted())
        #expect(taken.count == count / 10)
        #expect(taken.count + events.dropped + census.alive == count)
        #expect(census.most <= Self.capacity + 2)
    }
}
