import Synchronization

// Which handlers of a subscription are running, and who waits for their end.

extension EventSubscription {
    @inline(__always)
    func runBegan() { running.wrappingAdd(1, ordering: .sequentiallyConsistent) }

    @inline(__always)
    func runEnded() {
        running.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        if isAwaited.load(ordering: .sequentiallyConsistent) { resumeWaiters() }
    }

    /// Waits until no run is left but those that wait for this call themselves.
    func waitUntilNoneRuns(but own: [any HandlerRunning]) async {
        await withCheckedContinuation { continuation in
            runWaiters.withLock { $0.append(RunWaiter(own: own, continuation: continuation)) }
            isAwaited.store(true, ordering: .sequentiallyConsistent)
            resumeWaiters()
        }
    }

    /// Resumes those that have nothing to wait for. Handlers that wait for each other's end count as ended.
    private func resumeWaiters() {
        let ready = runWaiters.withLock { waiters in
            let running = running.load(ordering: .sequentiallyConsistent)
            let waitingRuns = Set(waiters.flatMap(\.own).filter(\.isLive).map { ObjectIdentifier($0) }).count
            let isReady = { (waiter: RunWaiter) in running <= (waiter.own.contains(where: \.isLive) ? waitingRuns : 0) }
            let ready = waiters.filter(isReady)
            waiters.removeAll(where: isReady)
            isAwaited.store(!waiters.isEmpty, ordering: .sequentiallyConsistent)
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }
}

/// A task that waits until no handler of a subscription is running.
struct RunWaiter: Sendable {
    /// Runs that wait for this waiter, and so can't be waited for.
    let own: [any HandlerRunning]
    let continuation: CheckedContinuation<Void, Never>
}

/// A run of a handler.
protocol HandlerRunning: AnyObject, Sendable {
    /// Whether the handler is running.
    var isLive: Bool { get }
}
