import EventDispatch
import Synchronization

/// An object that only handlers and filters hold, and whether it is freed.
final class WeakCapture: Sendable {
    /// What is held: equal to all others, and at the same place in an order.
    final class Captured: Hashable, Comparable, Sendable {
        private let count: Tally

        fileprivate init(_ count: Tally) { self.count = count }

        static func == (left: Captured, right: Captured) -> Bool { true }
        static func < (left: Captured, right: Captured) -> Bool { false }
        func hash(into hasher: inout Hasher) {}

        deinit { count.increment() }
    }

    private let made = Tally()
    private let freed = Tally()

    /// An object that nobody else holds.
    func make() -> Captured {
        made.increment()
        return Captured(freed)
    }

    /// Whether all objects that were made are freed.
    var isFreed: Bool { made.value > 0 && made.value == freed.value }

    /// Subscribes a handler that captures an object.
    func subscribe(to dispatcher: EventDispatcher, during phase: StandardPhases = .main) throws -> EventSubscription {
        let captured = make()
        return try dispatcher.on(Ping.self, during: phase) { _ in withExtendedLifetime(captured) {} }
    }
}
