/// The senders and keys that a receiver is connected with.
///
/// Senders are not held. An object that comes to life at the address of a dead one is not mistaken for it. Keys, which are
/// users' values, are compared under no lock: what changes is replaced as a whole.
final class SignalFilter: Sendable {
    private final class Named: Sendable {
        let senders: [ObjectIdentifier: ObjectLife]
        let keys: Set<SignalKey>

        init(_ senders: [ObjectIdentifier: ObjectLife], _ keys: Set<SignalKey>) {
            self.senders = senders
            self.keys = keys
        }

        func contains(_ sender: any AnyObject & Sendable) -> Bool {
            senders[ObjectIdentifier(sender)].map { !$0.isOver } ?? false
        }
    }

    /// Whether the receiver was connected without senders and keys, and so with all of them.
    let isOpen: Bool
    /// The routes that lead to the receiver; none where it is open.
    let routes: [SignalRoute]
    /// The senders and keys that the receiver is connected with; where it is open, those it is disconnected from.
    private let named: Locked<Named>

    init(of signal: UInt64, senders: [any AnyObject & Sendable], keys: [any Hashable & Sendable]) {
        let senders = Self.weakly(senders)
        let keys = Set(keys.map { SignalKey($0) })
        isOpen = senders.isEmpty && keys.isEmpty
        routes =
            senders.keys.map { SignalRoute(of: signal, .sender($0)) } + keys.map { SignalRoute(of: signal, .key($0)) }
        named = Locked(Named(senders, keys))
    }

    /// Whether a send with these senders and keys is for the receiver: any match is enough.
    func admits(_ senders: [any AnyObject & Sendable], _ keys: [SignalKey]) -> Bool {
        if senders.isEmpty && keys.isEmpty { return isOpen }
        let named = named.withLock { $0 }
        return senders.contains { named.contains($0) != isOpen } || keys.contains { named.keys.contains($0) != isOpen }
    }

    /// Whether no send can be for the receiver any more: its senders are dead or disconnected, and so are its keys.
    var isEmpty: Bool {
        if isOpen { return false }
        let named = named.withLock { $0 }
        return named.keys.isEmpty && named.senders.values.allSatisfy(\.isOver)
    }

    /// Disconnects the receiver from some senders and keys.
    func remove(_ senders: [any AnyObject & Sendable], _ keys: [any Hashable & Sendable]) {
        let keys = keys.map { SignalKey($0) }
        while true {
            let old = named.withLock { $0 }
            let new = isOpen ? Self.adding(senders, keys, to: old) : Self.removing(senders, keys, from: old)
            let isDone = named.withLock { named in
                guard named === old else { return false }
                named = new
                return true
            }
            if isDone { return }
        }
    }

    private static func adding(_ senders: [any AnyObject & Sendable], _ keys: [SignalKey], to named: Named) -> Named {
        let living = named.senders.filter { !$0.value.isOver }
        return Named(living.merging(weakly(senders)) { $1 }, named.keys.union(keys))
    }

    private static func removing(
        _ senders: [any AnyObject & Sendable],
        _ keys: [SignalKey],
        from named: Named
    ) -> Named {
        let removed = Set(senders.filter { named.contains($0) }.map { ObjectIdentifier($0) })
        return Named(named.senders.filter { !removed.contains($0.key) }, named.keys.subtracting(keys))
    }

    private static func weakly(_ senders: [any AnyObject & Sendable]) -> [ObjectIdentifier: ObjectLife] {
        Dictionary(senders.map { (ObjectIdentifier($0), ObjectLife(of: $0)) }) { $1 }
    }
}
