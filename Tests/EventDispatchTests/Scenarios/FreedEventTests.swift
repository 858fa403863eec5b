import EventDispatch
import EventDispatchTesting
import Synchronization
import Testing

/// Events and what they hold are freed when their fires are over, whichever way they were fired.
@Suite(.timeLimit(.minutes(10))) struct FreedEventTests {
    /// Counts the objects that are alive.
    private final class Census: Sendable {
        let alive = Atomic(0)
        let made = Atomic(0)
    }

    private final class Cargo: Hashable, Sendable {
        private let census: Census

        init(_ census: Census) {
            self.census = census
            census.alive.add(1, ordering: .relaxed)
            census.made.add(1, ordering: .relaxed)
        }

        deinit { census.alive.subtract(1, ordering: .relaxed) }

        static func == (left: Cargo, right: Cargo) -> Bool { left === right }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    private struct Shipment: MatchableEvent {
        typealias Reply = Int
        let cargo: Cargo
        let labels: [String]

        struct MatchKeys: MatchKeySet {
            let cargo = Key(\.cargo)
            let labels = Key(\.labels)
        }
    }

    enum Way: CaseIterable {
        case awaited, synchronous, reporting, around, posted, nested, explained, timedOut, cancelled, refused, recorded
    }

    private struct Refused: Error {}

    @Test(arguments: Way.allCases) func `an event is freed when its fire is over`(way: Way) async throws {
        let census = Census()
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let gate = Gate()
        let other = Cargo(Census())
        let bag = SubscriptionBag()
        bag.insert(
            try dispatcher.subscribe {
                On(Shipment.self) {
                    Where(\.cargo != other)
                    Where(\.labels, contains: "fragile")
                    Handle { shipment in shipment.labels.count }
                    Handle { shipment in
                        await Task.yield()
                        return shipment.labels.count
                    }
                    .limit(1_000, per: \.labels, capacity: 2)
                    if way == .timedOut {
                        Handle { shipment in
                            await gate.waitIgnoringCancellation()
                            return shipment.labels.count
                        }
                        .timeout(.seconds(1), grace: .zero)
                    }
                    if way == .refused { Handle { _ in throw Refused() } }
                }
            }
        )
        let synchronous = EventDispatcher()
        bag.insert(try synchronous.on(Shipment.self, where: \.cargo != other) { _ in 1 })
        bag.insert(
            try synchronous.on(Ping.self) { [synchronous] _ in try synchronous.fireSynchronously(shipment(census)) }
        )
        for _ in 0..<3 {
            switch way {
            case .awaited: try await dispatcher.fire(shipment(census))
            case .synchronous: try synchronous.fireSynchronously(shipment(census))
            case .reporting: _ = try await dispatcher.fireReporting(shipment(census), detail: .all)
            case .around: try await dispatcher.fire(shipment(census)) { await Task.yield() }
            case .posted:
                try await dispatcher.post(shipment(census))
                await dispatcher.drain()
            case .nested: try synchronous.fireSynchronously(Ping())
            case .explained: _ = "\(dispatcher.explain(shipment(census)))"
            case .timedOut:
                let fire = Task { try await dispatcher.fireReporting(shipment(census)) }
                await gate.arrivals(1)
                clock.advance(by: .seconds(1))
                _ = try await fire.value
                gate.open()
                await dispatcher.stop()
                dispatcher.start()
            case .cancelled:
                let fire = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await dispatcher.fire(shipment(census))
                }
                await #expect(throws: CancellationError.self) { try await fire.value }
            case .refused:
                await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(shipment(census)) }
            case .recorded:
                let recorder = EventRecorder(dispatcher)
                try await dispatcher.fire(shipment(census))
                #expect(recorder.events.count == 1)
            }
        }
        #expect(census.made.load(ordering: .relaxed) == 3)
        #expect(await comesTrue { census.alive.load(ordering: .relaxed) == 0 })
    }

    private func shipment(_ census: Census) -> Shipment { Shipment(cargo: Cargo(census), labels: ["fragile"]) }
}
