import Synchronization

/// Counts the running handlers of a subscription, and lets tasks wait for their end.
final class RunCounter: Sendable {
    private let running = Atomic(0)
    private let isAwaited = Atomic(false)
    private let waiters = Mutex<[Waiter]>([])

    private struct Waiter: Sendable {
        /// Runs that wait for this waiter, and so can't be waited for.
        let own: [any HandlerRunning]
        let continuation: CheckedContinuation<Void, Never>
    }

    func begin() { running.add(1, ordering: .sequentiallyConsistent) }

    func end() {
        running.subtract(1, ordering: .sequentiallyConsistent)
        if isAwaited.load(ordering: .sequentiallyConsistent) { resumeWaiters() }
    }

    /// Waits until no run is left but those that wait for this call themselves.
    func waitUntilNoneIsLeft(but own: [any HandlerRunning]) async {
        await withCheckedContinuation { continuation in
            waiters.withLock { $0.append(Waiter(own: own, continuation: continuation)) }
            isAwaited.store(true, ordering: .sequentiallyConsistent)
            resumeWaiters()
        }
    }

    /// Resumes those that have nothing to wait for. Handlers that wait for each other's end count as ended.
    private func resumeWaiters() {
        let ready = waiters.withLock { waiters in
            let running = running.load(ordering: .sequentiallyConsistent)
            let waitingRuns = Set(waiters.flatMap(\.own).filter(\.isLive).map { ObjectIdentifier($0) }).count
            let isReady = { (waiter: Waiter) in running <= (waiter.own.contains(where: \.isLive) ? waitingRuns : 0) }
            let ready = waiters.filter(isReady)
            waiters.removeAll(where: isReady)
            isAwaited.store(!waiters.isEmpty, ordering: .sequentiallyConsistent)
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }
}

/// A run of a handler.
protocol HandlerRunning: AnyObject, Sendable {
    /// Whether the handler is running.
    var isLive: Bool { get }
}
