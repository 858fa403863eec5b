import EventDispatch
import EventDispatchFoundation
import EventDispatchTesting
import Foundation
import Testing

@Suite struct NotificationBridgeTests {
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

    @Test func aNotificationFiresItsEventOnceAndInOrder() async {
        let bridge = dispatcher.bridge(name, from: center) { notification in
            SettingsChanged(number: notification.userInfo?["number"] as? Int ?? 0)
        }
        for number in 1...5 { post(number) }
        await dispatcher.drain()
        #expect(recorder.events(of: SettingsChanged.self).map(\.number) == [1, 2, 3, 4, 5])
        bridge.cancel()
    }

    @Test func theClosureChoosesTheTypeOfEventOrNone() async {
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

    @Test func anObjectNarrowsItToItsNotifications() async {
        let (mine, other) = (Settings(), Settings())
        let bridge = dispatcher.bridge(name, from: center, object: mine) { _ in SettingsChanged() }
        post(of: mine)
        post(of: other)
        post()
        #expect(await fired() == ["SettingsChanged"])
        bridge.cancel()
    }

    @Test func anObjectAtTheAddressOfADeadOneFiresNothing() async {
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

    @Test func otherNamesFireNothing() async {
        let bridge = dispatcher.bridge(Notification.Name("other"), from: center) { _ in SettingsChanged() }
        post()
        #expect(await fired().isEmpty)
        bridge.cancel()
    }

    @Test func aCancelledBridgeFiresNothing() async {
        let bridge = dispatcher.bridge(name, from: center) { _ in SettingsChanged() }
        bridge.cancel()
        bridge.cancel()
        post()
        #expect(await fired().isEmpty)
    }

    @Test func lettingGoOfABridgeEndsNothing() async {
        dispatcher.bridge(name, from: center) { _ in SettingsChanged() }
        post()
        #expect(await fired() == ["SettingsChanged"])
    }

    @Test func aBridgeDoesNotKeepItsDispatcher() {
        weak var freed: EventDispatcher?
        do {
            let dispatcher = EventDispatcher()
            freed = dispatcher
            dispatcher.bridge(name, from: center) { _ in SettingsChanged() }
        }
        #expect(freed == nil)
        post()
    }

    @Test func itsObserverIsGoneFromTheCenterWhenTheBridgeOrTheDispatcherGoes() throws {
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

    @Test func anEndedBridgeIsNotKeptByItsDispatcher() {
        weak var freed: NotificationBridge?
        do {
            let bridge = dispatcher.bridge(name, from: center) { _ in SettingsChanged() }
            freed = bridge
            bridge.cancel()
        }
        #expect(freed == nil)
    }

    @Test func observersOfTypedMessagesAreGoneFromTheCenterWhenTheDispatcherGoes() {
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

    @Test func typedMessagesFireTheirEvents() async {
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

    @Test func typedAsynchronousMessagesFireTheirEvents() async throws {
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
