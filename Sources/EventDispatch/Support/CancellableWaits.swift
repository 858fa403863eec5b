/// Tasks that wait until they are resumed, in the order in which they came. Each can be cancelled, even before it waits.
///
/// Plain state, to be kept under a lock. A task begins a wait, suspends, and adds a waiter: what it is to be resumed with. Whoever
/// takes the waiter out resumes it, outside the lock.
package struct CancellableWaits<Waiter: Sendable>: Sendable {
    private enum Wait: Sendable {
        case begun
        case cancelled
        case waiting(Waiter)
    }

    private var lastID = 0
    private var waits: [Int: Wait] = [:]
    /// The waits with waiters, in the order in which these came, and some that are over.
    private var order = FIFOQueue<Int>()
    /// How many waiters there are.
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    /// The waiters in their order.
    package var waiters: [Waiter] { order.elements.compactMap(waiter) }

    private func waiter(_ id: Int) -> Waiter? {
        guard case .waiting(let waiter)? = waits[id] else { return nil }
        return waiter
    }

    /// Names a task that is going to wait, so that it can be cancelled before it does.
    package mutating func begin() -> Int {
        lastID += 1
        waits[lastID] = .begun
        return lastID
    }

    /// Whether a wait was cancelled before it had a waiter.
    package func isCancelled(_ id: Int) -> Bool {
        guard case .cancelled? = waits[id] else { return false }
        return true
    }

    /// Whether a wait has a waiter.
    package func isWaiting(_ id: Int) -> Bool { waiter(id) != nil }

    /// Lets a task wait that has begun to. Returns false when it was cancelled, which ends its wait.
    package mutating func add(_ waiter: Waiter, to id: Int) -> Bool {
        guard case .begun? = waits[id] else {
            waits[id] = nil
            return false
        }
        waits[id] = .waiting(waiter)
        order.append(id)
        count += 1
        return true
    }

    /// Cancels a wait, and takes out its waiter; nil when it has none yet, or is over.
    package mutating func cancel(_ id: Int) -> Waiter? {
        guard case .begun? = waits[id] else { return isCancelled(id) ? nil : end(id) }
        waits[id] = .cancelled
        return nil
    }

    /// Ends a wait, and takes out its waiter, if it has one.
    @discardableResult
    package mutating func end(_ id: Int) -> Waiter? {
        guard case .waiting(let waiter)? = waits.removeValue(forKey: id) else { return nil }
        count -= 1
        // Taken out together, so that ending one takes constant time on average.
        if order.count > 2 * count + 16 { order.removeAll { waits[$0] == nil } }
        return waiter
    }

    /// Takes out the waiter that came first.
    package mutating func popFirst() -> Waiter? {
        while let id = order.popFirst() {
            if let waiter = end(id) { return waiter }
        }
        return nil
    }

    /// Takes out all waiters that a condition names, in their order.
    package mutating func removeAll(where isTaken: (Waiter) -> Bool = { _ in true }) -> [Waiter] {
        let taken = order.elements.filter { waiter($0).map(isTaken) ?? false }
        return taken.compactMap { end($0) }
    }
}
