/// The senders and keys that a receiver is connected with. Senders are held weakly, so that an object that comes to life at the
/// address of a dead one is not mistaken for it. Keys, which are users' values, are compared under no lock.
final class SignalFilter: Sendable {
    private final class Sender: Sendable {
        weak let object: (any AnyObject & Sendable)?

        init(_ object: any AnyObject & Sendable) { self.object = object }
    }

    /// What was disconnected since.
    private struct Removed: Sendable {
        var senders: [Sender] = []
        var keys: [SignalKey] = []

        var unshared: Removed { Removed(senders: senders.unshared, keys: keys.unshared) }
    }

    private let senders: [Sender]
    private let keys: [SignalKey]
    private let removed = Locked(Removed())

    /// Whether the receiver was connected without senders and keys, and so with all of them.
    var isOpen: Bool { senders.isEmpty && keys.isEmpty }

    init(senders: [any AnyObject & Sendable], keys: [any Hashable & Sendable]) {
        self.senders = senders.map { Sender($0) }
        self.keys = keys.map { SignalKey($0) }
    }

    /// Whether a send with these senders and keys is for the receiver: any match is enough.
    func admits(_ senders: [any AnyObject & Sendable], _ keys: [SignalKey]) -> Bool {
        if senders.isEmpty && keys.isEmpty { return isOpen }
        let removed = removed.withLock { $0.unshared }
        return senders.contains { sender in
            (isOpen || self.senders.contains { $0.object === sender })
                && !removed.senders.contains { $0.object === sender }
        } || keys.contains { (isOpen || self.keys.contains($0)) && !removed.keys.contains($0) }
    }

    /// Whether no send can be for the receiver any more: its senders are dead or disconnected, and so are its keys.
    var isEmpty: Bool {
        if isOpen { return false }
        let removed = removed.withLock { $0.unshared }
        return !senders.contains { sender in
            sender.object.map { object in !removed.senders.contains { $0.object === object } } ?? false
        } && keys.allSatisfy { removed.keys.contains($0) }
    }

    /// Disconnects the receiver from some senders and keys.
    func remove(_ senders: [any AnyObject & Sendable], _ keys: [any Hashable & Sendable]) {
        let known = removed.withLock { $0.unshared }
        // Found out outside the lock: to ask for an object may free it, and keys are users' values.
        let dead = Set(known.senders.filter { $0.object == nil }.map { ObjectIdentifier($0) })
        let newSenders = senders.filter { sender in !known.senders.contains { $0.object === sender } }.map {
            Sender($0)
        }
        let newKeys = keys.map { SignalKey($0) }.filter { !known.keys.contains($0) }
        removed.withLock { removed in
            removed.senders.removeAll { dead.contains(ObjectIdentifier($0)) }
            removed.senders += newSenders
            removed.keys += newKeys
        }
    }
}
