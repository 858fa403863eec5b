/// Lets a handler start for the last event of many: when no other has come for a time, of all events or of those with one value of a
/// key.
final class Debouncer: Sendable {
    /// An event that is to start the handler, if none comes after it.
    private struct Pending: Sendable {
        let start: any PendingStart
        /// The time from which on it starts whatever comes.
        let due: Duration
    }

    let quiet: Duration
    /// The time. Not read under the lock: it may be users' code.
    private let clock: Stopwatch
    private let pending: KeyedStates<Pending?>

    init(_ quiet: Duration, on clock: any Clock<Duration>, per key: EventKey?, capacity: Int) {
        self.quiet = quiet
        self.clock = Stopwatch(on: clock)
        pending = KeyedStates(per: key, capacity: capacity, nil)
    }

    /// Whether the event makes a difference.
    var readsEvent: Bool { pending.isPerKey }

    /// How many values of the key had to start early, because others came.
    var forgottenKeys: Int? { pending.forgotten }

    /// Lets an event wait, and decides on the one that waited before it: that doesn't start any more, unless its time had come.
    func wait(_ start: any PendingStart, for event: EventReference) {
        let now = clock()
        let new = Pending(start: start, due: now + quiet)
        let change = pending.change(for: event) { pending -> Pending? in
            defer { pending = new }
            return pending
        }
        // A thread that comes from the `==` or `hash` of a key finds no place to wait in.
        guard let change else { return start.decide(.start) }
        if let last = change.result { last.start.decide(last.due <= now ? .start : .superseded) }
        change.forgotten??.start.decide(.start)
    }

    /// Notes that an event waits no longer.
    func end(_ start: any PendingStart, for event: EventReference) {
        let ended = pending.changeKnown(for: event) { pending -> Pending? in
            guard pending?.start === start else { return nil }
            defer { pending = nil }
            return pending
        }
        withExtendedLifetime(ended) {}
        pending.remove(for: event) { $0 == nil }
    }
}

/// A start of a handler that waits whether another event comes.
protocol PendingStart: AnyObject, Sendable {
    /// Decides what becomes of it; the first decision counts.
    func decide(_ decision: PendingDecision)
}

/// What becomes of a pending start.
enum PendingDecision: Sendable {
    case start
    /// Another event has come.
    case superseded
    /// It doesn't start, because its dispatcher stops and it would start itself again and again.
    case dropped
}
