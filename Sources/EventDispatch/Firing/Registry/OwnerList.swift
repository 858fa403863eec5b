/// The `weak:` handlers. A fire checks some of their owners, the next fire the next ones.
///
/// Swift tells nobody that a weakly held object died, so somebody has to look. A listing looks at all of them, a registration and a
/// fire at a bounded number in turn, so that their cost does not grow with the number of owners. To look retains nothing and runs no
/// code of users, and so may be done under a lock.
struct OwnerList: Sendable {
    private(set) var handlers: [RegisteredHandler] = []
    /// The handlers of each owner.
    nonisolated(unsafe) private var chains: [ObjectIdentifier: HandlerChain] = [:]
    private var nextPosition = 0

    mutating func add(_ handler: RegisteredHandler) {
        guard let owner = handler.owner else { return }
        owner.position = handlers.count
        handlers.append(handler)
        chains[owner.life.identity, default: HandlerChain(.owner)].append(handler)
    }

    /// Takes a handler out; the last one takes its place.
    mutating func remove(_ handler: RegisteredHandler) {
        guard let owner = handler.owner else { return }
        let position = owner.position
        handlers.swapAt(position, handlers.count - 1)
        handlers.removeLast()
        if position < handlers.count { handlers[position].owner?.position = position }
        chains[owner.life.identity]?.remove(handler)
        if chains[owner.life.identity]?.first == nil { chains[owner.life.identity] = nil }
    }

    /// The handlers of an owner that lives.
    func handlers(of owner: AnyObject) -> [RegisteredHandler] {
        (chains[ObjectIdentifier(owner)]?.handlers ?? []).filter { $0.ownerEnd == nil }
    }

    /// Those of a number of handlers whose owners are gone, going on where the last call ended.
    mutating func nextDead(among count: Int) -> [RegisteredHandler] {
        if nextPosition >= handlers.count { nextPosition = 0 }
        let end = min(nextPosition + count, handlers.count)
        defer { nextPosition = end }
        return handlers[nextPosition..<end].filter { $0.ownerEnd == .ownerGone }
    }

    /// All whose owners are gone.
    var dead: [RegisteredHandler] { handlers.filter { $0.ownerEnd == .ownerGone } }
}
