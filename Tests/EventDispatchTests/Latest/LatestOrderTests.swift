import EventDispatch
import EventDispatchTesting
import Testing

/// Subscriptions that start with what is kept, while others fire: no handler gets an older event of a value after a newer one, and each
/// ends with the one that is kept.
@Suite(.timeLimit(.minutes(10))) struct LatestOrderTests {
    /// The versions that one handler was called with, of each value the last, and what was wrong with their order.
    private final class Watch: Sendable {
        private let state = Locked<(last: [String: Int], mistakes: [String])>(([:], []))

        func note(_ event: SettingChanged) {
            state.withLock { state in
                let last = state.last[event.name] ?? -1
                if event.version <= last { state.mistakes.append("\(event.name) \(event.version) after \(last)") }
                state.last[event.name] = event.version
            }
        }

        /// Notes a mistake if a later event came meanwhile.
        func check(_ event: SettingChanged) {
            state.withLock { state in
                guard let last = state.last[event.name], last != event.version else { return }
                state.mistakes.append("\(last) came while \(event.version) was handled")
            }
        }

        var last: [String: Int] { state.withLock { $0.last } }
        var mistakes: [String] { state.withLock { $0.mistakes } }
    }

    private static let versions = 300

    /// Fires the versions of a value, one after the other.
    private static func write(_ name: String, to dispatcher: EventDispatcher, synchronously: Bool) async throws {
        for version in 1...versions {
            if synchronously {
                try dispatcher.fireSynchronously(SettingChanged(name, version))
            } else {
                try await dispatcher.fire(SettingChanged(name, version))
            }
            if version % 16 == 0 { await Task.yield() }
        }
    }

    /// Subscribes a handler that notes what it is called with, in the main phase or the one before or after that in which events are
    /// noted.
    private static func subscribe(
        _ watch: Watch,
        number: Int,
        startingWith latest: LatestEvents<SettingChanged>,
        at dispatcher: EventDispatcher
    ) async throws -> EventSubscription {
        try await dispatcher.subscribe(startingWith: latest) {
            On(SettingChanged.self) {
                Phase(SettingChanged.Phases.allCases[number % 3]) { Handle { event in watch.note(event) } }
            }
        }
    }

    @Test(arguments: 1...20) func `handlers that start while others fire get versions in order and end with the last`(
        round: Int
    ) async throws {
        let dispatcher = EventDispatcher()
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name)
        let names = (0..<4).map { "value \($0)" }
        for name in names { try dispatcher.fireSynchronously(SettingChanged(name, 0)) }
        let watches = (0..<12).map { _ in Watch() }
        let bag = SubscriptionBag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, name) in names.enumerated() {
                group.addTask { try await Self.write(name, to: dispatcher, synchronously: number % 2 == 0) }
            }
            for part in 0..<3 {
                group.addTask {
                    for number in 0..<4 {
                        let watch = watches[part * 4 + number]
                        bag.insert(
                            try await Self.subscribe(watch, number: part + number, startingWith: latest, at: dispatcher)
                        )
                        await Task.yield()
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        // What a fire noted that began before a registration comes in a task of its own.
        let last = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.versions) })
        for watch in watches {
            let hasLast = await comesTrue { watch.last == last }
            #expect(hasLast)
            #expect(watch.mistakes == [])
        }
    }

    @Test(arguments: 1...10) func `asynchronous handlers that start while others fire get versions in order`(round: Int)
        async throws
    {
        let dispatcher = EventDispatcher()
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name)
        let names = (0..<2).map { "value \($0)" }
        for name in names { try dispatcher.fireSynchronously(SettingChanged(name, 0)) }
        let watches = (0..<4).map { _ in Watch() }
        let bag = SubscriptionBag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in names { group.addTask { try await Self.write(name, to: dispatcher, synchronously: false) } }
            for watch in watches {
                group.addTask {
                    bag.insert(
                        try await dispatcher.subscribe(startingWith: latest) {
                            On(SettingChanged.self) {
                                Handle { event in
                                    watch.note(event)
                                    await Task.yield()
                                    watch.check(event)
                                }
                            }
                        }
                    )
                }
            }
            try await group.waitForAll()
        }
        let last = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.versions) })
        for watch in watches {
            let hasLast = await comesTrue { watch.last == last }
            #expect(hasLast)
            #expect(watch.mistakes == [])
        }
    }

    @Test func `subscriptions and cancellations of what is kept leave no handler behind`() async throws {
        let dispatcher = EventDispatcher()
        for _ in 0..<20 {
            let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name)
            try dispatcher.fireSynchronously(SettingChanged("a", 0))
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await Self.write("a", to: dispatcher, synchronously: true) }
                for number in 0..<3 {
                    group.addTask {
                        let subscription = try? await Self.subscribe(
                            Watch(),
                            number: number,
                            startingWith: latest,
                            at: dispatcher
                        )
                        subscription?.cancel()
                    }
                }
                group.addTask { latest.cancel() }
            }
            #expect(latest.events.isEmpty)
            #expect(dispatcher.handlers.isEmpty)
        }
    }
}
