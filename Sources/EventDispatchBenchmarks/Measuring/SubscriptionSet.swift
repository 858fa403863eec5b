import EventDispatch

/// The subscriptions of a workload, made one by one, so that each can be cancelled.
struct SubscriptionSet {
    private let subscriptions: [EventSubscription]
    /// The bytes that each of them takes on average, its closure included; nil where they are not counted.
    let bytesEach: Double?

    init(_ count: Int, subscribe: (Int) throws -> EventSubscription) rethrows {
        var subscriptions: [EventSubscription] = []
        subscriptions.reserveCapacity(count)
        let before = HeapUse.liveBytes
        for index in 0..<count { subscriptions.append(try subscribe(index)) }
        let after = HeapUse.liveBytes
        self.subscriptions = subscriptions
        bytesEach = before.flatMap { before in after.map { Double($0 - before) / Double(count) } }
    }
}
