/// The `weak:` handlers. A fire checks some of their owners, the next fire of its thread the next ones.
///
/// Swift tells nobody that a weakly held object died, so somebody has to look. A listing looks at all of them, a registration and a
/// fire at a bounded number in turn, so that their cost does not grow with the number of owners. To look retains nothing and runs no
/// code of users, and so may be done under a lock; a fire takes none.
final class OwnerList: @unchecked Sendable {
    // Sound: fires read what is published; the rest is touched under the registry's lock only.

    private let handlers = PublishedList<RegisteredHandler>()
    /// The owner of each, in the same place: what a fire looks at, and nothing between.
    private let lives = PublishedList<ObjectLife>()
    /// The handlers of each owner.
    private var chains: [ObjectIdentifier: HandlerChain] = [:]

    /// How many owners are checked at a time.
    private static let checkedAtOnce: UInt = 16

    var isEmpty: Bool { handlers.count == 0 }

    func add(_ handler: RegisteredHandler, _ write: TableWrite) {
        guard let owner = handler.owner else { return }
        owner.position = handlers.count
        handlers.append(handler, write)
        lives.append(owner.life, write)
        chains[owner.life.identity, default: HandlerChain(.owner)].append(handler)
    }

    /// Takes a handler out; the last one takes its place.
    func remove(_ handler: RegisteredHandler, _ write: TableWrite) {
        guard let owner = handler.owner else { return }
        if let last = handlers.object(at: handlers.count - 1)?.takeUnretainedValue(), last !== handler {
            handlers.put(last, at: owner.position)
            lives.put(last.owner?.life, at: owner.position)
            last.owner?.position = owner.position
        }
        handlers.removeLast(write)
        lives.removeLast(write)
        chains[owner.life.identity]?.remove(handler)
        if chains[owner.life.identity]?.first == nil { chains[owner.life.identity] = nil }
    }

    /// The handlers of an owner that lives.
    func handlers(of owner: AnyObject) -> [RegisteredHandler] {
        (chains[ObjectIdentifier(owner)]?.handlers ?? []).filter { $0.ownerEnd == nil }
    }

    /// Those of a number of handlers whose owners are gone. The caller has pinned the epochs, or has the lock.
    ///
    /// - Parameter turn: which of them: the next number, the next ones.
    func dead(inTurn turn: UInt) -> [RegisteredHandler] {
        let count = UInt(handlers.count)
        return (0..<min(count, Self.checkedAtOnce)).compactMap { offset in
            deadHandler(at: Int((turn &* Self.checkedAtOnce &+ offset) % count))
        }
    }

    /// All whose owners are gone.
    var dead: [RegisteredHandler] { (0..<handlers.count).compactMap(deadHandler) }

    @inline(__always)
    private func deadHandler(at index: Int) -> RegisteredHandler? {
        guard let life = lives.object(at: index), life._withUnsafeGuaranteedRef({ $0.isOver }) else { return nil }
        // Another may have come to the place meanwhile.
        let handler = handlers.object(at: index)?.takeUnretainedValue()
        return handler?.ownerEnd == .ownerGone ? handler : nil
    }
}
