import EventDispatch
import ProgramSupport

/// A subscription that one worker adds and cancels.
struct OwnSubscription {
    let subscription: EventSubscription
    let probe: Probe
    /// Set where the handler is to end with an owner.
    var owner: Owner?
    /// Whether each tick of the worker reaches the handler, and notes it.
    let isCertain: Bool

    /// Subscribes a handler of one of several kinds to ticks.
    init(
        of worker: Int,
        to dispatcher: EventDispatcher,
        _ findings: Findings,
        _ random: inout SplitMix64
    ) throws(DispatchError) {
        let kind = random.next(below: 6)
        let number = random.next(below: Tick.numbers)
        let probe = Probe(findings, limit: kind == 0 ? 3 : .max)
        let owner = kind == 2 ? Owner() : nil
        subscription = try dispatcher.subscribe {
            On(Tick.self) {
                switch kind {
                case 0:
                    Where(\.number == number)
                    Handle { _ in probe.run() }.limit(3)
                case 1:
                    Where(\.worker == worker)
                    Handle { _ in probe.run() }.limit(2, per: \.number, capacity: 8)
                default:
                    Where(\.worker == worker)
                    if let owner {
                        Handle(weak: owner) { _, tick in probe.run { tick.seen.noteOwn() } }
                    } else {
                        Handle { tick in probe.run { tick.seen.noteOwn() } }
                    }
                }
            }
        }
        self.probe = probe
        self.owner = owner
        isCertain = kind > 1
    }
}

/// An object that a `weak:` handler ends with.
final class Owner: Sendable {
    private let life = Life(of: .owner)
}
