import EventDispatch
import ProgramSupport

/// A thread that fires, and subscribes and cancels as it goes.
struct SoakWorker {
    /// How many fires there are to one subscription and one cancellation.
    private static let firesBetweenChanges = 16
    /// How many subscriptions of its own it has at a time.
    private static let own = 64

    let dispatcher: EventDispatcher
    var random: SplitMix64
    private(set) var latencies = Latencies()
    private(set) var changes = 0
    private var subscriptions: [EventSubscription] = []

    init(_ dispatcher: EventDispatcher, seed: UInt64) {
        self.dispatcher = dispatcher
        random = SplitMix64(seed: seed)
    }

    /// Registers a handler that some events match.
    static func subscribe(_ number: Int, to dispatcher: EventDispatcher) throws(DispatchError) -> EventSubscription {
        try dispatcher.subscribe {
            On(Pulse.self) {
                Where(\.number == number % Pulse.numbers)
                if number % 3 == 0 { Where(\.name, hasPrefix: "pulse.\(number % 10)") }
                Handle { _ in }
            }
        }
    }

    /// Fires a few times, and replaces a subscription.
    mutating func step(_ findings: Findings) {
        do { try fireAndChange() } catch { findings.note("\(error)") }
    }

    private mutating func fireAndChange() throws {
        let clock = ContinuousClock()
        for _ in 0..<Self.firesBetweenChanges {
            let pulse = Pulse(random.next(below: Pulse.numbers))
            let start = clock.now
            try dispatcher.fireSynchronously(pulse)
            let duration = (clock.now - start).components
            latencies.note(
                nanoseconds: Int(duration.seconds) * 1_000_000_000 + Int(duration.attoseconds / 1_000_000_000)
            )
        }
        if subscriptions.count >= Self.own {
            subscriptions.remove(at: random.next(below: Self.own)).cancel()
        }
        subscriptions.append(try Self.subscribe(random.next(below: 100_000), to: dispatcher))
        changes += 1
    }

    /// Cancels what is left.
    mutating func end() {
        for subscription in subscriptions { subscription.cancel() }
        subscriptions = []
    }
}
