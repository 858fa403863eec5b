import EventDispatch

/// The state of a ``Gate``. Each change returns the continuations that it made ready.
struct GateState: Sendable {
    typealias Continuation = CheckedContinuation<Void, Never>

    private var isOpen: Bool
    private var arrived = 0
    private var waiting = CancellableWaits<Continuation>()
    private var awaitingArrivals: [(count: Int, continuation: Continuation)] = []

    init(isOpen: Bool) { self.isOpen = isOpen }

    /// Names a waiter, so that it can leave before it waits.
    mutating func nextWaiter() -> Int { waiting.begin() }

    mutating func wait(_ waiter: Int, _ continuation: Continuation) -> [Continuation] {
        arrived += 1
        var ready = takeArrivalsReached()
        if isOpen {
            waiting.end(waiter)
            ready.append(continuation)
        } else if !waiting.add(continuation, to: waiter) {
            ready.append(continuation)
        }
        return ready
    }

    mutating func leave(_ waiter: Int) -> Continuation? { waiting.cancel(waiter) }

    mutating func awaitArrivals(_ count: Int, _ continuation: Continuation) -> [Continuation] {
        awaitingArrivals.append((count, continuation))
        return takeArrivalsReached()
    }

    mutating func open() -> [Continuation] {
        isOpen = true
        return waiting.removeAll()
    }

    private mutating func takeArrivalsReached() -> [Continuation] {
        let reached = awaitingArrivals.filter { $0.count <= arrived }
        awaitingArrivals.removeAll { $0.count <= arrived }
        return reached.map(\.continuation)
    }
}
