import EventDispatch

/// What others wait for: that it has caught up, or ended.
protocol WaitedFor: Actor {
    /// What deadlines are on.
    nonisolated var clock: StoreClock { get }
    /// Those who wait.
    var waiters: CancellableWaits<RunnerWaiter> { get set }
    /// Counts the waiters.
    var lastWaiter: Int { get set }

    /// Resumes those who wait for what has come to be.
    func lookAtWaiters()
}

/// Who waits until something has caught up or ended.
struct RunnerWaiter: Sendable {
    let number: Int
    /// Resumed with whether what is waited for has come to be.
    let continuation: CheckedContinuation<Bool, Never>
    /// Whether it waits for the end, and not until all is caught up.
    let isForEnd: Bool
    /// For those that wait for the end: the delivery that the wait is inside of.
    let own: Int64?
}

/// The pauses between calls that a store refuses.
let storePauses = RetryPolicy.exponential(from: .milliseconds(100), upTo: .seconds(30), attempts: .max)

extension WaitedFor {
    /// Waits until it has ended or caught up; false when the calling task is cancelled or the deadline has come before.
    func wait(untilEnd isForEnd: Bool, insideOf own: Int64? = nil, deadline: Duration? = nil) async -> Bool {
        let id = waiters.begin()
        let timer = deadline.map { deadline in
            let time = clock.now + deadline
            return Task.detached { [clock] in
                if await clock.sleep(until: time) { await self.release(id) }
            }
        }
        defer { timer?.cancel() }
        lastWaiter += 1
        let number = lastWaiter
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = RunnerWaiter(number: number, continuation: continuation, isForEnd: isForEnd, own: own)
                if waiters.add(waiter, to: id) { lookAtWaiters() } else { continuation.resume(returning: false) }
            }
        } onCancel: {
            Task.detached { await self.release(id) }
        }
    }

    private func release(_ id: Int) { waiters.cancel(id)?.continuation.resume(returning: false) }
}
