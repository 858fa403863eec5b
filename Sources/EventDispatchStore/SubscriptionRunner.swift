import EventDispatch

/// What delivers an opened subscription: a ``DeliveryRunner``, or a ``SharedRunner`` where the store hands events out to many processes.
///
/// How to wait for it and how to stop it stands here, for both. What they do meanwhile is their own.
protocol SubscriptionRunner: WaitedFor {
    nonisolated var name: String { get }
    nonisolated var claimID: ClaimID { get }
    nonisolated var store: any EventStore { get }

    /// What it delivers.
    var blocks: DurableBlocks { get }
    var stage: RunnerStage { get }
    /// The deliveries that go on, by the sequences of their events.
    var deliveries: [Int64: Task<Void, Never>] { get }
    /// The last fault of the store, until a call succeeds.
    var fault: EventStoreError? { get }
    /// What a stop has given back.
    var report: DurableStopReport { get }
    /// Whether it ends with the delivery whose handler has stopped it.
    var endsWithOwn: Bool { get set }

    /// Looks at what the store has told.
    func take(_ notice: StoreNotice) async

    /// Looks once more whether something waits: a store may be late in telling.
    func lookAgain()

    /// Begins no further delivery.
    func beginStop() async

    /// Gives everything up that hasn't ended; returns when the subscription is closed.
    func end() async

    /// How far it is.
    func status() async throws(EventStoreError) -> DurableSubscription.Status
}

/// How far the life of a runner is.
enum RunnerStage {
    /// Another process has the subscription, or it isn't opened yet.
    case standby
    case running, stopping, ended
}

extension SubscriptionRunner {
    nonisolated var clock: StoreClock { store.clock }

    /// Waits until nothing that is stored waits or is delivered.
    ///
    /// - Parameter own: the delivery whose handler waits, if one does.
    func waitUntilCaughtUp(insideOf own: Int64?) async throws {
        if let own, deliveries[own] != nil {
            throw EventStoreError(.waitsForItself, "a handler of '\(name)' can't wait until '\(name)' has caught up")
        }
        lookAgain()
        if stage == .running || stage == .standby, await wait(untilEnd: false) { return }
        try Task.checkCancellation()
        throw fault ?? EventStoreError(.stopped, "'\(name)' is stopped")
    }

    /// Begins no further delivery, and waits for those that run.
    ///
    /// - Parameters:
    ///   - deadline: how long; nil until they have ended.
    ///   - own: the delivery whose handler stops it, if one does.
    func stop(deadline: Duration?, insideOf own: Int64?) async -> DurableStopReport {
        // A task that outlives its handler isn't inside of the delivery any more.
        let own = own.flatMap { deliveries[$0] == nil ? nil : $0 }
        await beginStop()
        let haveEnded = stage == .stopping ? await wait(untilEnd: true, insideOf: own, deadline: deadline) : false
        if haveEnded, own != nil, stage == .stopping {
            // The handler that stops it goes on, and its event is acknowledged when it has ended.
            endsWithOwn = true
        } else {
            await end()
        }
        return report
    }
}
