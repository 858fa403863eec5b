import EventDispatch

extension EventStore {
    /// Opens a durable subscription, and begins to deliver.
    ///
    /// ```swift
    /// let billing = try await store.subscribe("billing", retry: .exponential(from: .milliseconds(200), attempts: 10)) {
    ///     On(OrderPlaced.self) {
    ///         Where(\.region == "eu")
    ///         Handle("invoice") { order in try await invoices.send(order, id: Delivery.current!.id) }
    ///     }
    /// }
    /// ```
    ///
    /// A delivery is one fire in a dispatcher of the subscription's own. It has ended well when no handler failed, ran out of time or was
    /// cancelled; then the event is acknowledged. Otherwise all matching handlers run again, as the retry policy says, and after the last
    /// attempt the event is a dead letter.
    ///
    /// - Parameters:
    ///   - name: the subscription's name in the store. One that exists goes on from its position. While another process delivers it, this
    ///     one stands by, and takes over when that ends; with `.concurrent` and a store that hands events out, all processes deliver.
    ///   - start: where a new subscription begins.
    ///   - order: in which order events are delivered, and how many at a time.
    ///   - retry: how often an event is delivered, and after which pauses.
    ///   - jitter: by which part of itself a pause may be shorter, so that not all events are tried again at once; from 0 to 1.
    ///   - observers: watch the deliveries. Each is a fire, whose `delivery` says which one.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    ///   - blocks: the blocks, for events that can be stored.
    /// - Returns: the subscription.
    /// - Throws: `DispatchError` for a mistake in a declaration or in the policy, ``EventStoreError`` when the subscription can't be
    ///   opened.
    @discardableResult
    public nonisolated(nonsending) func subscribe(
        _ name: String,
        from start: StartingPoint = .now,
        order: DeliveryOrder = .inOrder,
        retry: RetryPolicy = .exponential(from: .milliseconds(200), attempts: 10),
        jitter: Double = 0.2,
        observers: [any DispatchObserver] = [],
        fileID: String = #fileID,
        line: Int = #line,
        @DurableSubscriptionBuilder _ blocks: () -> [DurableDeclaration]
    ) async throws -> DurableSubscription {
        if let defect = retry.defect {
            throw DispatchError(
                code: .invalidModifier,
                message: "the retry policy of '\(name)' \(defect)",
                location: CallSite(fileID: fileID, line: line)
            )
        }
        let blocks = try DurableBlocks(
            blocks(),
            of: name,
            on: clock.clock,
            in: "\(type(of: self))",
            observedBy: observers
        )
        var settings = DeliveryMachine.Settings()
        settings.atOnce = order.atOnce
        settings.retry = retry
        settings.jitter = min(max(jitter, 0), 1)
        settings.seed = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        settings.lease = lease
        if order.isFree {
            let runner = SharedRunner(name, in: self, blocks, order, settings)
            if try await runner.open(from: start) { return DurableSubscription(runner) }
        }
        let runner = DeliveryRunner(name, from: start, in: self, blocks, order, settings)
        try await runner.claim()
        return DurableSubscription(runner)
    }
}
