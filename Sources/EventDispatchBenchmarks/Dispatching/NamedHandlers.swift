import EventDispatch

/// The subscriptions of D3 and of all that builds on it: each for another value of one key. An event says in which counter
/// its delivery counts, so that each thread has its own.
struct NamedHandlers: Sendable {
    let dispatcher = EventDispatcher()
    let counters: [CallCounter]
    let subscriptions: Int

    init(_ subscriptions: Int, threads: Int = 1) {
        self.subscriptions = subscriptions
        counters = (0..<threads).map { _ in CallCounter() }
    }

    func free() { for counter in counters { counter.free() } }

    /// Subscribes all of them.
    func subscribe() throws -> SubscriptionSet {
        try SubscriptionSet(subscriptions) { try subscribe($0) }
    }

    /// Subscribes one handler for all names, which may start often for each.
    func subscribeLimited() throws -> SubscriptionSet {
        try SubscriptionSet(1) { _ in
            try dispatcher.on(
                Signal.self,
                Handle { [counters] signal in counters[signal.number].increment() }.limit(.max, per: \.name)
            )
        }
    }

    /// Subscribes one.
    func subscribe(_ number: Int) throws -> EventSubscription {
        let name = Signal.name(number)
        return try dispatcher.subscribe {
            On(Signal.self) {
                Where(\.name, is: name)
                Handle { [counters] signal in counters[signal.number].increment() }
            }
        }
    }

    func fire(_ signals: [Signal], _ range: Range<Int>) throws {
        for index in range { try dispatcher.fireSynchronously(signals[index]) }
    }
}
