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
        let observer = center.addObserver(forName: name, object: object, queue: nil) { [weak self] notification in
            guard let self, !bridge.isCancelled else { return }
            if isOfObject, watched == nil || notification.object as AnyObject? !== watched { return }
            guard let event = event(notification) else { return }
            // A refusal is for the dispatcher's observers to see.
            _ = try? self.postNow(event)
        }
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
        let token = center.addObserver(of: subject, for: message) { [weak self] message in
            guard let self, !bridge.isCancelled, let event = event(message) else { return }
            _ = try? self.postNow(event)
        }
        let registered = (center: center, token: token)
        bridge.begin { registered.center.removeObserver(registered.token) }
        return bridge
    }

    /// Posts an event for each typed asynchronous message, waiting for room in the queue as ``post(_:fileID:line:)`` does.
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
        let token = center.addObserver(of: subject, for: message) { [weak self] message in
            guard let self, !bridge.isCancelled, let event = event(message) else { return }
            _ = try? await self.post(event)
        }
        let registered = (center: center, token: token)
        bridge.begin { registered.center.removeObserver(registered.token) }
        return bridge
    }
}
