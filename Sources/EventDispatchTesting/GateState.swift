/// What a ``Gate`` knows. Each change returns the continuations that it made ready.
struct GateState: Sendable {
    typealias Continuation = CheckedContinuation<Void, Never>

    private var isOpen: Bool
    private var arrived = 0
    private var waiters = 0
    private var left: Set<Int> = []
    private var waiting: [Int: Continuation] = [:]
    private var awaitingArrivals: [(count: Int, continuation: Continuation)] = []

    init(isOpen: Bool) { self.isOpen = isOpen }

    /// Names a waiter, so that it can leave before it waits.
    mutating func nextWaiter() -> Int {
        waiters += 1
        return waiters
    }

    mutating func wait(_ waiter: Int, _ continuation: Continuation) -> [Continuation] {
        arrived += 1
        var ready = takeArrivalsReached()
        if isOpen || left.remove(waiter) != nil { ready.append(continuation) } else { waiting[waiter] = continuation }
        return ready
    }

    mutating func leave(_ waiter: Int) -> Continuation? {
        if let continuation = waiting.removeValue(forKey: waiter) { return continuation }
        left.insert(waiter)
        return nil
    }

    mutating func awaitArrivals(_ count: Int, _ continuation: Continuation) -> [Continuation] {
        awaitingArrivals.append((count, continuation))
        return takeArrivalsReached()
    }

    mutating func open() -> [Continuation] {
        isOpen = true
        defer { waiting = [:] }
        return waiting.sorted { $0.key < $1.key }.map(\.value)
    }

    private mutating func takeArrivalsReached() -> [Continuation] {
        let reached = awaitingArrivals.filter { $0.count <= arrived }
        awaitingArrivals.removeAll { $0.count <= arrived }
        return reached.map(\.continuation)
    }
}
