import EventDispatch

extension EventStore {
    /// Forwards all events to another store, in their order: those that are stored, and those that are published from now on.
    ///
    /// ```swift
    /// let outbox = try await SQLiteEventStore(at: "shop.sqlite")
    /// let shop = try await NATSEventStore(NATSOptions("nats://127.0.0.1:4222"), stream: "shop")
    /// let forwarding = try await outbox.forward(to: shop)
    /// ```
    ///
    /// It's a durable subscription of this store, without handlers and types: it takes events of all names, decodes none, and keeps the ID,
    /// source, time, trace, version and routing values of each. An event is acknowledged when the other store has it. So a
    /// process that is killed at any moment loses none. One that it was forwarding is forwarded again with its ID, and the other store keeps it once.
    ///
    /// As long as the other store fails for the time being, it tries again. At a fault that doesn't go by, it ends. An event
    /// that the other store never takes, because it's too large, is a dead letter with the reason `.refused`, and holds nobody up.
    ///
    /// - Parameters:
    ///   - other: the store that gets the events.
    ///   - name: the name of the subscription. Forwarding that exists goes on from its position. While another process forwards, this one
    ///     stands by, and takes over when that ends.
    ///   - start: where a new one begins.
    /// - Returns: what forwards, until it's stopped.
    /// - Throws: ``EventStoreError`` when the subscription can't be opened.
    @discardableResult
    public func forward(
        to other: any EventStore,
        as name: String = "forward",
        from start: StartingPoint = .beginning
    ) async throws(EventStoreError) -> EventForwarding {
        let runner = ForwardRunner(name, from: self, startingAt: start, to: other)
        try await runner.start()
        return EventForwarding(name, of: self, runner)
    }
}

/// Forwards the events of a store to another, until ``stop(deadline:)``, whether or not anybody holds it.
public final class EventForwarding: Sendable {
    /// The name of its subscription.
    public let name: String
    private let store: any EventStore
    private let runner: ForwardRunner

    /// By which the subscription is claimed; for tests that take it away, as the end of a process does.
    package var claim: ClaimID { runner.claimID }

    init(_ name: String, of store: any EventStore, _ runner: ForwardRunner) {
        self.name = name
        self.store = store
        self.runner = runner
    }

    /// How far it is. In flight are the events that the other store is being given; the fault is one of either store.
    public var status: DurableSubscription.Status {
        get async throws(EventStoreError) { try await runner.status() }
    }

    /// Waits until the other store has all events. While others go on publishing, that may never be.
    ///
    /// - Throws: `CancellationError` when the calling task is cancelled, and ``EventStoreError`` when forwarding is stopped or ends.
    public func caughtUp() async throws { try await runner.waitUntilCaughtUp() }

    /// Begins to forward no further events, and lets the other store take those that it's being given.
    ///
    /// At the deadline, or when the calling task is cancelled, it doesn't wait for the other store. What that was being given may be there.
    ///
    /// - Parameter deadline: how long to wait, on the clock of the store; without one, as long as the other store takes.
    /// - Returns: what was given back. `interrupted` are the events that the other store may have.
    @discardableResult
    public func stop(deadline: Duration? = nil) async -> DurableStopReport { await runner.stop(deadline: deadline) }

    /// Stops, and forgets how far it was.
    ///
    /// - Throws: ``EventStoreError``; it's stopped then, and not forgotten.
    public func remove() async throws(EventStoreError) {
        await stop(deadline: .zero)
        try await store.forget(name)
    }
}
