import EventDispatch
import Foundation

extension EventDispatcher {
    /// Posts an event for each notification of a name.
    ///
    /// ```swift
    /// let bridge = dispatcher.bridge(UserDefaults.didChangeNotification) { _ in SettingsChanged() }
    /// ```
    ///
    /// A notification is delivered on the thread that posts it, which can't wait; so its event goes into the dispatcher's queue, and
    /// is fired once, in the order of the notifications. When the queue is full, or the dispatcher not started, it is dropped,
    /// which observers see.
    ///
    /// - Parameters:
    ///   - name: which notifications.
    ///   - center: where they are posted.
    ///   - object: whose notifications; nil for anybody's. Not retained.
    ///   - event: the event that a notification stands for, of whatever type; nil for none. Called on the thread that posts it.
    /// - Returns: the way to end it.
    @discardableResult
    public func bridge(
        _ name: Notification.Name,
        from center: NotificationCenter = .default,
        object: AnyObject? = nil,
        as event: @escaping @Sendable (Notification) -> (any MatchableEvent)?
    ) -> NotificationBridge {
        let bridge = NotificationBridge(to: self)
        let isOfObject = object != nil
        // Sound: it is only compared. The center compares addresses, and so would take a stranger at a dead object's for it.
        nonisolated(unsafe) weak let watched = object
        let observe: @Sendable (Notification) -> Void = { [weak self] notification in
            let event = bridge.deliver { () -> (any MatchableEvent)? in
                if isOfObject, watched == nil || notification.object as AnyObject? !== watched { return nil }
                return event(notification)
            }
            // A refusal is for the dispatcher's observers to see.
            if let event { _ = try? self?.postNow(event) }
        }
        bridge.handOver()
        let observer = center.addObserver(forName: name, object: object, queue: nil, using: observe)
        nonisolated(unsafe) let registered = (center: center, observer: observer)
        bridge.begin { registered.center.removeObserver(registered.observer) }
        return bridge
    }

    /// Posts an event for each typed message of the main actor.
    ///
    /// - Parameters:
    ///   - message: the type of the messages.
    ///   - center: where they are posted.
    ///   - subject: whose messages; nil for anybody's.
    ///   - event: the event that a message stands for, of whatever type; nil for none.
    /// - Returns: the way to end it.
    @available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
    @discardableResult
    public func bridge<Message: NotificationCenter.MainActorMessage>(
        _ message: Message.Type,
        from center: NotificationCenter = .default,
        of subject: Message.Subject? = nil,
        as event: @escaping @MainActor (Message) -> (any MatchableEvent)?
    ) -> NotificationBridge where Message.Subject: AnyObject {
        let bridge = NotificationBridge(to: self)
        let observe: @MainActor (Message) -> Void = { [weak self] message in
            if let event = bridge.deliver({ event(message) }) { _ = try? self?.postNow(event) }
        }
        bridge.handOver()
        let token = center.addObserver(of: subject, for: message, using: observe)
        let registered = (center: center, token: token)
        bridge.begin { registered.center.removeObserver(registered.token) }
        return bridge
    }

    /// Posts an event for each typed asynchronous message, waiting for room in the queue as `post` does.
    ///
    /// - Parameters:
    ///   - message: the type of the messages.
    ///   - center: where they are posted.
    ///   - subject: whose messages; nil for anybody's.
    ///   - event: the event that a message stands for, of whatever type; nil for none.
    /// - Returns: the way to end it.
    @available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
    @discardableResult
    public func bridge<Message: NotificationCenter.AsyncMessage>(
        _ message: Message.Type,
        from center: NotificationCenter = .default,
        of subject: Message.Subject? = nil,
        as event: @escaping @Sendable (Message) -> (any MatchableEvent)?
    ) -> NotificationBridge where Message.Subject: AnyObject {
        let bridge = NotificationBridge(to: self)
        let observe: @Sendable (Message) async -> Void = { [weak self] message in
            guard let event = bridge.deliver({ event(message) }) else { return }
            // What waits for room does not keep the dispatcher.
            let waiting = try? self?.beginPost(event)
            try? await waiting?.wait()
        }
        bridge.handOver()
        let token = center.addObserver(of: subject, for: message, using: observe)
        let registered = (center: center, token: token)
        bridge.begin { registered.center.removeObserver(registered.token) }
        return bridge
    }
}
