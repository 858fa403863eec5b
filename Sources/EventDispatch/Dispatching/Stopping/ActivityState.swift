/// What a dispatcher is doing, and who waits for it to have done it: plain state. Each change returns the continuations that
/// it made ready.
struct ActivityState: Sendable {
    typealias Continuation = CheckedContinuation<Void, Never>

    /// Whether events can be fired.
    enum Stage { case started, stopping, stopped }

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

    var stage: Stage
    /// Fires in progress, nested ones included.
    private(set) var fires = 0
    /// Posted events that are neither fired nor dropped, the one being fired included.
    private(set) var posted = 0
    /// Handlers that ignored their time-out and still run.
    private(set) var overrunning = 0
    /// Posts that were refused or dropped.
    private(set) var dropped = 0
    private var waiters: [Waiter] = []
    private var expired: Set<Int> = []
    private var lastWaiter = 0

    init(isStarted: Bool) { stage = isStarted ? .started : .stopped }

    /// Lets a fire begin; while stopping, one that something running waits for.
    mutating func beginFire(isAwaited: Bool) -> Bool {
        guard stage == .started || stage == .stopping && isAwaited else { return false }
        fires += 1
        return true
    }

    mutating func endFire() -> [Continuation] {
        fires -= 1
        return takeReady()
    }

    mutating func beginOverrun() { overrunning += 1 }

    mutating func endOverrun() -> [Continuation] {
        overrunning -= 1
        return takeReady()
    }

    mutating func accept() { posted += 1 }

    mutating func refuse() { dropped += 1 }

    /// Notes that accepted posts have come to their end.
    mutating func settle(_ count: Int, dropped isDropped: Bool) -> [Continuation] {
        posted -= count
        if isDropped { dropped += count }
        return takeReady()
    }

    /// Names a waiter, so that its time can be up before it waits.
    mutating func nextWaiter() -> Int {
        lastWaiter += 1
        return lastWaiter
    }

    mutating func wait(_ id: Int, for goal: Goal, _ continuation: Continuation) -> [Continuation] {
        if expired.remove(id) != nil || isReached(goal) { return [continuation] }
        waiters.append(Waiter(id: id, goal: goal, continuation: continuation))
        return []
    }

    /// Ends a wait whose goal is not reached.
    mutating func expire(_ id: Int) -> [Continuation] {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else {
            expired.insert(id)
            return []
        }
        return [waiters.remove(at: index).continuation]
    }

    /// Forgets that a wait's time was up, when it is over.
    mutating func forget(_ id: Int) { expired.remove(id) }

    func isReached(_ goal: Goal) -> Bool {
        switch goal {
        case .drained: posted == 0
        case .idle(let ownFires, let ownPosts): posted <= ownPosts && fires + overrunning <= ownFires
        }
    }

    private mutating func takeReady() -> [Continuation] {
        guard !waiters.isEmpty else { return [] }
        let ready = waiters.filter { isReached($0.goal) }
        waiters = waiters.filter { !isReached($0.goal) }
        return ready.map(\.continuation)
    }
}
