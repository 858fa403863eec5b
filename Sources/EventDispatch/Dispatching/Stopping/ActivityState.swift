/// What a dispatcher is doing apart from fires, and who waits for it: plain state.
struct ActivityState: Sendable {
    typealias Continuation = CheckedContinuation<Void, Never>

    /// What a task waits for.
    enum Goal {
        /// Every event that is posted by now has been fired or dropped.
        case drained
        /// Nothing is posted, fired or running, but the fires and posts that wait for the waiting task itself.
        case idle(but: Int, posted: Int)
    }

    private struct Waiter {
        let id: Int
        let goal: Goal
        let continuation: Continuation
    }

    /// Posted events that are neither fired nor dropped, the one being fired included.
    var posted = 0
    /// Handlers that ignored their time-out and still run.
    var overrunning = 0
    /// Posts that were refused or dropped.
    var dropped = 0
    private var waiters: [Waiter] = []
    private var expired: Set<Int> = []
    private var lastWaiter = 0

    /// Names a waiter, so that its time can be up before it waits.
    mutating func nextWaiter() -> Int {
        lastWaiter += 1
        return lastWaiter
    }

    /// Lets a task wait; false when its time is up already.
    mutating func wait(_ id: Int, for goal: Goal, _ continuation: Continuation) -> Bool {
        guard expired.remove(id) == nil else { return false }
        waiters.append(Waiter(id: id, goal: goal, continuation: continuation))
        return true
    }

    /// Ends a wait whose goal is not reached.
    mutating func expire(_ id: Int) -> Continuation? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else {
            expired.insert(id)
            return nil
        }
        return waiters.remove(at: index).continuation
    }

    /// Forgets that a wait's time was up, when it is over.
    mutating func forget(_ id: Int) { expired.remove(id) }

    var hasWaiters: Bool { !waiters.isEmpty }

    /// Takes out those whose goal is reached, while so many fires are in progress.
    mutating func takeReady(fires: Int) -> [Continuation] {
        guard hasWaiters else { return [] }
        let ready = waiters.filter { isReached($0.goal, fires: fires) }
        waiters = waiters.filter { !isReached($0.goal, fires: fires) }
        return ready.map(\.continuation)
    }

    private func isReached(_ goal: Goal, fires: Int) -> Bool {
        switch goal {
        case .drained: posted == 0
        case .idle(let ownFires, let ownPosts): posted <= ownPosts && fires + overrunning <= ownFires
        }
    }
}
