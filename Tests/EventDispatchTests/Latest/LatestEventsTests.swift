import EventDispatch
import EventDispatchTesting
import Testing

/// What keeps the last event of each value.
@Suite(.timeLimit(.minutes(10))) struct LatestEventsTests {
    private struct Refused: Error {}

    private let dispatcher = EventDispatcher()

    private func versions(_ latest: LatestEvents<SettingChanged>) -> [String] {
        latest.events.map { "\($0.name) \($0.version)" }
    }

    @Test func `the last event of each value is kept`() async throws {
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name)
        #expect(latest.events.isEmpty)
        try await dispatcher.fire(SettingChanged("colour", 1))
        try await dispatcher.post(SettingChanged("size", 2))
        await dispatcher.drain()
        try dispatcher.fireSynchronously(SettingChanged("colour", 3))
        #expect(versions(latest) == ["size 2", "colour 3"])
        #expect(latest.last == SettingChanged("colour", 3))
        #expect(latest[\.name, "colour"]?.version == 3)
        #expect(latest[\.name, "size"]?.version == 2)
        #expect(latest[\.name, "weight"] == nil)
    }

    @Test func `without a key the last of all is kept`() throws {
        let latest = try dispatcher.keepLatest(of: SettingChanged.self)
        #expect(latest.last == nil)
        try dispatcher.fireSynchronously(SettingChanged("colour", 1))
        try dispatcher.fireSynchronously(SettingChanged("size", 2))
        #expect(versions(latest) == ["size 2"])
        #expect(latest[\.name, "size"]?.version == 2)
        #expect(latest.forgotten == 0)
    }

    @Test func `another key finds the last of the events that are kept`() throws {
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name)
        for (name, version) in [("a", 1), ("b", 2), ("c", 2), ("a", 3)] {
            try dispatcher.fireSynchronously(SettingChanged(name, version))
        }
        #expect(latest[\.version, 2]?.name == "c")
        #expect(latest[\.version, 1] == nil)
    }

    @Test func `past the capacity the value that was fired least recently is forgotten and counted`() throws {
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name, capacity: 2)
        for (name, version) in [("a", 1), ("b", 2), ("a", 3), ("c", 4)] {
            try dispatcher.fireSynchronously(SettingChanged(name, version))
        }
        #expect(versions(latest) == ["a 3", "c 4"])
        #expect(latest.forgotten == 1)
    }

    @Test func `a filter narrows what is kept`() throws {
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name, where: \.version > 1)
        for version in [1, 2, 0] { try dispatcher.fireSynchronously(SettingChanged("a", version)) }
        #expect(versions(latest) == ["a 2"])
    }

    @Test func `an event that a gate vetoes is not kept`() async throws {
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name)
        let early = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name, during: .check)
        let veto = try dispatcher.on(SettingChanged.self, where: \.version == 2, during: .check) { _ in throw Refused()
        }
        for version in 1...2 { _ = try await dispatcher.fireReporting(SettingChanged("a", version)) }
        #expect(versions(latest) == ["a 1"])
        #expect(versions(early) == ["a 2"])
        await #expect(throws: Refused.self) { try await dispatcher.fire(SettingChanged("a", 3)) { throw Refused() } }
        #expect(versions(latest) == ["a 1"])
        veto.cancel()
    }

    @Test func `what cannot be right is refused with its place`() {
        let capacity = #expect(throws: DispatchError.self) {
            _ = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name, capacity: 0, line: 12)
        }
        #expect(capacity?.code == .invalidLimit)
        #expect(capacity?.location.line == 12)
        let filter = #expect(throws: DispatchError.self) {
            _ = try dispatcher.keepLatest(of: SettingChanged.self, where: Filter(\.version, in: 3..<3), line: 13)
        }
        #expect(filter?.code == .neverMatches)
        #expect(filter?.location.line == 13)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `cancelling lets go of what is kept and keeps nothing more`() throws {
        let captures = WeakCapture()
        let latest = try dispatcher.keepLatest(of: Sample<WeakCapture.Captured>.self)
        try dispatcher.fireSynchronously(Sample(captures.make()))
        #expect(!captures.isFreed)
        latest.cancel()
        #expect(captures.isFreed)
        #expect(latest.last == nil)
        #expect(!dispatcher.hasHandlers(for: Sample<WeakCapture.Captured>.self))
        try dispatcher.fireSynchronously(Sample(captures.make()))
        #expect(latest.last == nil)
        #expect(captures.isFreed)
        latest.cancel()
    }

    @Test func `it ends when nobody holds it`() throws {
        let captures = WeakCapture()
        var latest: LatestEvents? = try dispatcher.keepLatest(of: Sample<WeakCapture.Captured>.self)
        try dispatcher.fireSynchronously(Sample(captures.make()))
        #expect(latest?.last != nil)
        latest = nil
        #expect(captures.isFreed)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `it keeps neither the dispatcher nor its handlers`() throws {
        let captures = WeakCapture()
        var dispatcher: EventDispatcher? = EventDispatcher()
        let subscription = try dispatcher.map { try captures.subscribe(to: $0) }
        let latest = try dispatcher?.keepLatest(of: Ping.self)
        try dispatcher?.fireSynchronously(Ping(count: 3))
        dispatcher = nil
        #expect(captures.isFreed)
        #expect(latest?.last?.count == 3)
        latest?.cancel()
        subscription?.cancel()
    }

    @Test func `a stop and a start leave what is kept`() async throws {
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name)
        try await dispatcher.fire(SettingChanged("a", 1))
        await dispatcher.stop()
        #expect(versions(latest) == ["a 1"])
        dispatcher.start()
        try await dispatcher.fire(SettingChanged("b", 2))
        #expect(versions(latest) == ["a 1", "b 2"])
    }

    @Test func `a value that does not equal itself is not kept`() throws {
        let latest = try dispatcher.keepLatest(of: Sample<Double>.self, per: \.value)
        for value in [Double.nan, 1, .nan] { try dispatcher.fireSynchronously(Sample(value)) }
        #expect(latest.events.map(\.value) == [1])
    }

    @Test func `a value that fires the event when it is compared breaks nothing`() throws {
        let latest = try dispatcher.keepLatest(of: Sample<Meddler>.self, per: \.value)
        let fired = Tally()
        let meddler = Meddler(1) { [dispatcher] _ in
            guard fired.increment() < 3 else { return }
            _ = try? dispatcher.fireSynchronously(Sample(Meddler(2)))
            _ = latest.events
        }
        try dispatcher.fireSynchronously(Sample(meddler))
        #expect(fired.value > 0)
        #expect(latest.last?.value == Meddler(1))
    }

    @Test func `what watches an event does not count as the one that replies`() async throws {
        let latest = try dispatcher.keepLatest(of: PriceRequested.self)
        let events = try dispatcher.events(of: PriceRequested.self)
        let pending = try dispatcher.next(of: PriceRequested.self)
        let error = await #expect(throws: DispatchError.self) { _ = try await dispatcher.reply(to: PriceRequested()) }
        #expect(error?.code == .noHandler)
        let pricing = try dispatcher.on(PriceRequested.self) { _ in 3 }
        #expect(try await dispatcher.reply(to: PriceRequested()) == 3)
        #expect(latest.last != nil)
        _ = try await pending.value
        var iterator = events.makeAsyncIterator()
        #expect(await iterator.next() != nil)
        pricing.cancel()
    }

    @Test func `of events that are fired at the same time one of each value is kept`() async throws {
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name, capacity: 10)
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    for number in 1...2_000 {
                        _ = try? dispatcher.fireSynchronously(SettingChanged("own \(thread)", number))
                        _ = try? dispatcher.fireSynchronously(SettingChanged("shared", number))
                    }
                }
            }
        }
        #expect(latest.events.count == 5)
        #expect(latest.forgotten == 0)
        for thread in 0..<4 { #expect(latest[\.name, "own \(thread)"]?.version == 2_000) }
    }
}
