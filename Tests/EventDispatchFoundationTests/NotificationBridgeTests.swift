import EventDispatch
import EventDispatchFoundation
import EventDispatchTesting
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct NotificationBridgeTests {
    private struct SettingsChanged: MatchableEvent { var number = 0 }
    private struct SettingsReset: MatchableEvent {}
    private final class Settings: Sendable {}

    private let center = NotificationCenter()
    private let dispatcher = EventDispatcher()
    private let recorder: EventRecorder
    private let name = Notification.Name("settings")

    init() { recorder = EventRecorder(dispatcher) }

    private func post(_ number: Int = 0, of object: AnyObject? = nil) {
        center.post(name: name, object: object, userInfo: ["number": number])
    }

    private func fired() async -> [String] {
        await dispatcher.drain()
        return recorder.events.map { "\(type(of: $0))" }
    }

    @Test func `a notification fires its event once and in order`() async {
        let bridge = dispatcher.bridge(name, from: center) { notification in
            SettingsChanged(number: notification.userInfo?["number"] as? Int ?? 0)
        }
        for number in 1...5 { post(number) }
        await dispatcher.drain()
        #expect(recorder.events(of: SettingsChanged.self).map(\.number) == [1, 2, 3, 4, 5])
        bridge.cancel()
    }

    @Test func `the closure chooses the type of event or none`() async {
        let bridge = dispatcher.bridge(name, from: center) { notification in
            switch notification.userInfo?["number"] as? Int {
            case 1: SettingsChanged()
            case 2: SettingsReset()
            default: nil
            }
        }
        for number in 1...3 { post(number) }
        #expect(await fired() == ["SettingsChanged", "SettingsReset"])
        bridge.cancel()
    }

    @Test func `an object narrows it to its notifications`() async {
        let (mine, other) = (Settings(), Settings())
        let bridge = dispatcher.bridge(name, from: center, object: mine) { _ in SettingsChanged() }
        post(of: mine)
        post(of: other)
        post()
        #expect(await fired() == ["SettingsChanged"])
        bridge.cancel()
    }

    @Test func `an object at the address of a dead one fires nothing`() async {
        var reused = false
        for _ in 0..<1_000 where !reused {
            var settings: Settings? = Settings()
            let address = settings.map { ObjectIdentifier($0) }
            let bridge = dispatcher.bridge(name, from: center, object: settings) { _ in SettingsChanged() }
            settings = nil
            let stranger = Settings()
            reused = ObjectIdentifier(stranger) == address
            post(of: stranger)
            bridge.cancel()
        }
        #expect(reused)
        #expect(await fired().isEmpty)
    }

    @Test func `other names fire nothing`() async {
        let bridge = dispatcher.bridge(Notification.Name("other"), from: center) { _ in SettingsChanged() }
        post()
        #expect(await fired().isEmpty)
        bridge.cancel()
    }

    @Test func `a cancelled bridge fires nothing`() async {
        let bridge = dispatcher.bridge(name, from: center) { _ in SettingsChanged() }
        bridge.cancel()
        bridge.cancel()
        post()
        #expect(await fired().isEmpty)
    }

    @Test func `letting go of a bridge ends nothing`() async {
        dispatcher.bridge(name, from: center) { _ in SettingsChanged() }
        post()
        #expect(await fired() == ["SettingsChanged"])
    }

    @Test func `a bridge does not keep its dispatcher`() {
        weak var freed: EventDispatcher?
        do {
            let dispatcher = EventDispatcher()
            freed = dispatcher
            dispatcher.bridge(name, from: center) { _ in SettingsChanged() }
        }
        #expect(freed == nil)
        post()
    }

    /// Counts what became of notifications.
    private final class Ledger: DispatchObserver {
        private struct Counts: Sendable {
            var posted = 0
            var handled: [Int] = []
            var drops: [DropReason] = []
        }

        private let counts = Locked(Counts())

        var posted: Int { counts.withLock { $0.posted } }
        var handled: [Int] { counts.withLock { $0.handled.unshared } }
        var drops: [DropReason] { counts.withLock { $0.drops.unshared } }

        /// The number of a new notification.
        func post() -> Int {
            counts.withLock { counts in
                counts.posted += 1
                return counts.posted
            }
        }
        func handle(_ number: Int) { counts.withLock { $0.handled.append(number) } }
        func dropped(_ event: any MatchableEvent, reason: DropReason) {
            counts.withLock { $0.drops.append(reason) }
        }
    }

    @Test(arguments: [PostPolicy.suspend(capacity: 4), .reject(capacity: 4), .dropOldest(capacity: 4)])
    func `an overloaded bridge does not keep its dispatcher and loses nothing silently`(policy: PostPolicy) async throws
    {
        let ledger = Ledger()
        let gate = Gate()
        let isFreed = Gate()
        // Every event that is handled posts two more: the queue is never empty.
        let feed: @Sendable () -> Void = { [center, name] in
            for _ in 0..<2 { center.post(name: name, object: nil, userInfo: nil) }
        }
        do {
            let dispatcher = EventDispatcher(postPolicy: policy)
            let farewell = Farewell(isFreed)
            dispatcher.observe(with: ledger)
            _ = try dispatcher.on(SettingsChanged.self) { event in
                await gate.waitIgnoringCancellation()
                ledger.handle(event.number)
                withExtendedLifetime(farewell) { feed() }
            }
            dispatcher.bridge(name, from: center) { _ in SettingsChanged(number: ledger.post()) }
            feed()
            await gate.arrivals(1)
            for _ in 0..<3 { center.post(name: name, object: nil, userInfo: nil) }
            gate.open()
        }
        try await isFreed.wait()
        // What had been accepted before nobody else held the dispatcher is fired, in its order.
        #expect(ledger.handled.starts(with: policy == .dropOldest(capacity: 4) ? [1] : [1, 2, 3, 4, 5]))
        #expect(ledger.posted == ledger.handled.count + ledger.drops.count)
        #expect(ledger.drops.contains(.undelivered))
        feed()
    }

    @Test func `a bridge that waits for room does not keep its dispatcher`() async throws {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
        struct Changed: NotificationCenter.AsyncMessage {
            typealias Subject = NSObject
            static var name: Notification.Name { Notification.Name("typed later") }
        }
        let ledger = Ledger()
        let gate = Gate()
        let isFreed = Gate()
        let feed: @Sendable () -> Void = { [center] in
            for _ in 0..<2 { center.post(Changed(), subject: NSObject()) }
        }
        do {
            let dispatcher = EventDispatcher(postPolicy: .suspend(capacity: 2))
            let farewell = Farewell(isFreed)
            _ = try dispatcher.on(SettingsChanged.self) { event in
                await gate.waitIgnoringCancellation()
                // Not inside the handler, whose posts would be refused. Two more wait for each that is handled.
                let goal = ledger.posted + 2
                await Task.detached { feed() }.value
                while ledger.posted < goal { await Task.yield() }
                withExtendedLifetime(farewell) { ledger.handle(event.number) }
            }
            dispatcher.bridge(Changed.self, from: center) { _ in SettingsChanged(number: ledger.post()) }
            for _ in 0..<4 { feed() }
            await gate.arrivals(1)
            while ledger.posted < 8 { await Task.yield() }
            gate.open()
        }
        try await isFreed.wait()
    }

    /// Opens a gate when it goes, and with it the handler that captures it.
    private final class Farewell: Sendable {
        private let gate: Gate

        init(_ gate: Gate) { self.gate = gate }

        deinit { gate.open() }
    }

    /// For the thread sanitizer too, which sees nothing of the center's lock.
    @Test func `a bridge may be made while notifications are posted`() async throws {
        let post: @Sendable (Int) -> Void = { [center, name] _ in center.post(name: name, object: nil, userInfo: nil) }
        try await beside(turns: 50, post) { step in
            for number in 0..<50 {
                step()
                let dispatcher = EventDispatcher(postPolicy: .dropOldest(capacity: 4))
                let next = try dispatcher.next(of: SettingsChanged.self)
                let bridge = dispatcher.bridge(name, from: center) { _ in SettingsChanged(number: number) }
                step()
                #expect(try await next.value.number == number)
                if number % 2 == 0 { bridge.cancel() }
            }
        }
    }

    @Test func `its observer is gone from the center when the bridge or the dispatcher goes`() throws {
        // The center holds the closure, and with it what it captures, as long as it has the observer.
        weak var captured: Settings?
        var dispatcher: EventDispatcher? = EventDispatcher()
        func bridge() throws -> NotificationBridge {
            let settings = Settings()
            captured = settings
            return try #require(
                dispatcher?.bridge(name, from: center) { _ in withExtendedLifetime(settings) { SettingsChanged() } }
            )
        }
        let first = try bridge()
        #expect(captured != nil)
        first.cancel()
        #expect(captured == nil)
        let second = try bridge()
        #expect(captured != nil)
        dispatcher = nil
        #expect(captured == nil)
        _ = second
    }

    @Test func `an ended bridge is not kept by its dispatcher`() {
        weak var freed: NotificationBridge?
        do {
            let bridge = dispatcher.bridge(name, from: center) { _ in SettingsChanged() }
            freed = bridge
            bridge.cancel()
        }
        #expect(freed == nil)
    }

    @Test func `observers of typed messages are gone from the center when the dispatcher goes`() {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
        struct Changed: NotificationCenter.MainActorMessage {
            typealias Subject = NSObject
            static var name: Notification.Name { Notification.Name("typed") }
        }
        struct ChangedLater: NotificationCenter.AsyncMessage {
            typealias Subject = NSObject
            static var name: Notification.Name { Notification.Name("typed later") }
        }
        weak var captured: Settings?
        weak var capturedLater: Settings?
        var dispatcher: EventDispatcher? = EventDispatcher()
        do {
            let (settings, settingsLater) = (Settings(), Settings())
            captured = settings
            capturedLater = settingsLater
            dispatcher?.bridge(Changed.self, from: center) { _ in withExtendedLifetime(settings) { SettingsChanged() } }
            dispatcher?.bridge(ChangedLater.self, from: center) { _ in
                withExtendedLifetime(settingsLater) { SettingsChanged() }
            }
        }
        #expect(captured != nil)
        #expect(capturedLater != nil)
        dispatcher = nil
        #expect(captured == nil)
        #expect(capturedLater == nil)
    }

    @Test func `typed messages fire their events`() async {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
        struct Changed: NotificationCenter.MainActorMessage {
            typealias Subject = NSObject
            static var name: Notification.Name { Notification.Name("typed") }
        }
        let bridge = dispatcher.bridge(Changed.self, from: center) { _ in SettingsChanged() }
        await MainActor.run { center.post(Changed(), subject: NSObject()) }
        #expect(await fired() == ["SettingsChanged"])
        bridge.cancel()
    }

    @Test func `typed asynchronous messages fire their events`() async throws {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
        struct Changed: NotificationCenter.AsyncMessage {
            typealias Subject = NSObject
            static var name: Notification.Name { Notification.Name("typed later") }
        }
        let next = try dispatcher.next(of: SettingsChanged.self)
        let bridge = dispatcher.bridge(Changed.self, from: center) { _ in SettingsChanged(number: 7) }
        center.post(Changed(), subject: NSObject())
        #expect(try await next.value.number == 7)
        bridge.cancel()
    }
}
