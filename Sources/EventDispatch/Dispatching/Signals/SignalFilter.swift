import Synchronization

/// The senders and keys that a receiver is connected with. Senders are held weakly, so that an object that comes to life at the
/// address of a dead one is not mistaken for it. Keys, which are users' values, are compared under no lock.
final class SignalFilter: Sendable {
    private struct Sender: Sendable {
        weak let object: (any AnyObject & Sendable)?
    }

    /// What was disconnected since.
    private struct Removed: Sendable {
        var senders: [Sender] = []
        var keys: [SignalKey] = []
    }

    private let senders: [Sender]
    private let keys: [SignalKey]
    private let removed = Mutex(Removed())

    /// Whether the receiver is for all sends.
    private var isOpen: Bool { senders.isEmpty && keys.isEmpty }

    init(senders: [any AnyObject & Sendable], keys: [any Hashable & Sendable]) {
        self.senders = senders.map { Sender(object: $0) }
        self.keys = keys.map { SignalKey($0) }
    }

    /// Whether a send with these senders and keys is for the receiver: any match is enough.
    func admits(_ senders: [any AnyObject & Sendable], _ keys: [SignalKey]) -> Bool {
        if isOpen { return true }
        let removed = removed.withLock { $0 }
        return senders.contains { sender in
            self.senders.contains { $0.object === sender } && !removed.senders.contains { $0.object === sender }
        } || keys.contains { self.keys.contains($0) && !removed.keys.contains($0) }
    }

    /// Whether no send can be for the receiver any more: its senders are dead or disconnected, and so are its keys.
    var isEmpty: Bool {
        if isOpen { return false }
        let removed = removed.withLock { $0 }
        return !senders.contains { sender in
            sender.object.map { object in !removed.senders.contains { $0.object === object } } ?? false
        } && keys.allSatisfy { removed.keys.contains($0) }
    }

    /// Disconnects the receiver from some senders and keys.
    func remove(_ senders: [any AnyObject & Sendable], _ keys: [any Hashable & Sendable]) {
        let senders = senders.map { Sender(object: $0) }
        let keys = keys.map { SignalKey($0) }
        removed.withLock { removed in
            removed.senders += senders
            removed.keys += keys
        }
    }
}
