import EventDispatch
import Synchronization

/// A bridge, to end it. Letting go of the object ends nothing; a bridge ends with its dispatcher.
public final class NotificationBridge: Sendable {
    /// Ends the observation, wherever it takes place.
    private struct Ending: @unchecked Sendable {
        // Sound: the closure removes an observer from a notification centre, which may be done from any thread.
        let end: () -> Void
    }

    /// Held by the dispatcher, and ends the bridge when that goes.
    private final class Lifetime: Sendable {
        let bridge: NotificationBridge

        init(of bridge: NotificationBridge) { self.bridge = bridge }

        deinit { bridge.cancel() }
    }

    private weak let dispatcher: EventDispatcher?
    private let ending = Locked<Ending?>(nil)
    private let cancelled = Atomic(false)

    init(to dispatcher: EventDispatcher) {
        self.dispatcher = dispatcher
        dispatcher.hold(Lifetime(of: self), for: ObjectIdentifier(self))
    }

    /// Hands over what is needed to deliver notifications, right before the center knows of it.
    ///
    /// What is done before an observer is added happens before what it is told, by a lock of the center's that the thread sanitizer
    /// does not see.
    func handOver() { UnseenOrder.handOver(self) }

    /// Calls a closure for a notification, unless the bridge is cancelled.
    func deliver<Result>(_ body: () -> Result?) -> Result? {
        UnseenOrder.takeOver(self)
        defer { UnseenOrder.handOver(self) }
        return cancelled.load(ordering: .sequentiallyConsistent) ? nil : body()
    }

    /// Says how to end it; at once when that was done before.
    func begin(endingWith end: sending @escaping () -> Void) {
        let ending = Ending(end: end)
        self.ending.withLock { $0 = ending }
        if cancelled.load(ordering: .sequentiallyConsistent) { finish() }
    }

    /// Ends the bridge: notifications that are posted from now on fire nothing.
    public func cancel() {
        cancelled.store(true, ordering: .sequentiallyConsistent)
        finish()
    }

    private func finish() {
        let ending = ending.withLock { ending in
            defer { ending = nil }
            return ending
        }
        UnseenOrder.takeOver(self)
        ending?.end()
        dispatcher?.release(ObjectIdentifier(self))
    }
}
