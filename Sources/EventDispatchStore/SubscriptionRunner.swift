import EventDispatch

/// What delivers an opened subscription: a ``DeliveryRunner``, or a ``SharedRunner`` where the store hands events out to many processes.
protocol SubscriptionRunner: Actor {
    nonisolated var name: String { get }
    nonisolated var claimID: ClaimID { get }
    nonisolated var store: any EventStore { get }

    /// What it delivers.
    var blocks: DurableBlocks { get }

    /// Those who wait until it has caught up or ended.
    var waiters: CancellableWaits<SubscriptionWaiter> { get set }
    /// Counts the waiters.
    var lastWaiter: Int { get set }

    /// Looks at what the store has told.
    func take(_ notice: StoreNotice) async

    /// Resumes those who wait for what has come to be.
    func lookAtWaiters()

    /// How far it is.
    func status() async throws(EventStoreError) -> DurableSubscription.Status

    /// Waits until nothing that is stored waits or is delivered.
    ///
    /// - Parameter own: the delivery whose handler waits, if one does.
    func waitUntilCaughtUp(insideOf own: Int64?) async throws

    /// Begins no further delivery, and waits for those that run.
    ///
    /// - Parameters:
    ///   - deadline: how long; nil until they have ended.
    ///   - own: the delivery whose handler stops it, if one does.
    func stop(deadline: Duration?, insideOf own: Int64?) async -> DurableStopReport
}

/// Who waits until a subscription has caught up or ended.
struct SubscriptionWaiter: Sendable {
    let number: Int
    /// Resumed with whether what is waited for has come to be.
    let continuation: CheckedContinuation<Bool, Never>
    /// Whether it waits for the end, and not until the subscription has caught up.
    let isForEnd: Bool
    /// For those that wait for the end: the delivery that the wait is inside of.
    let own: Int64?
}

/// The pauses between calls that a store refuses.
let storePauses = RetryPolicy.exponential(from: .milliseconds(100), upTo: .seconds(30), attempts: .max)

extension SubscriptionRunner {
    /// Waits until it has ended or caught up; false when the calling task is cancelled or the deadline has come before.
    func wait(untilEnd isForEnd: Bool, insideOf own: Int64?, deadline: Duration?) async -> Bool {
        let id = waiters.begin()
        let timer = deadline.map { deadline in
            let time = store.clock.now + deadline
            return Task.detached { [clock = store.clock] in
                if await clock.sleep(until: time) { await self.release(id) }
            }
        }
        defer { timer?.cancel() }
        lastWaiter += 1
        let number = lastWaiter
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = SubscriptionWaiter(
                    number: number,
                    continuation: continuation,
                    isForEnd: isForEnd,
                    own: own
                )
                if waiters.add(waiter, to: id) { lookAtWaiters() } else { continuation.resume(returning: false) }
            }
        } onCancel: {
            Task.detached { await self.release(id) }
        }
    }

    private func release(_ id: Int) { waiters.cancel(id)?.continuation.resume(returning: false) }
}
