import EventDispatch
import Synchronization

/// Handlers with all modifiers, and what they have to see of the gauges that were fired.
final class ModifiedHandlers: Sendable {
    private static let concurrency = 3

    private struct FirstAttempt: Error {}

    private let findings: Findings
    private let fired = Atomic(0)
    private let before = Atomic(0)
    private let after = Atomic(0)
    private let detached = Atomic(0)
    private let running = Atomic(0)
    private let debounced = Atomic(0)
    private let differing = Atomic(0)
    private let limited = Atomic(0)
    /// Whether gauges of each number were fired, a bit each.
    private let numbersFired = Atomic(0)

    init(_ findings: Findings) { self.findings = findings }

    func subscribe(to dispatcher: EventDispatcher) throws(DispatchError) -> EventSubscription {
        try dispatcher.subscribe {
            OnAny(.before, .gate, conformingTo: (any ModifiedEvent).self) { [self] _ in
                before.add(1, ordering: .relaxed)
            }
            OnAny(.after, conformingTo: (any ModifiedEvent).self) { [self] _ in after.add(1, ordering: .relaxed) }
            On(Gauge.self) {
                Handle { [self] _ in
                    await Task.yield()
                    detached.add(1, ordering: .relaxed)
                }
                .detached(atMost: 8)
                Handle { [self] _ in
                    let now = running.add(1, ordering: .relaxed).newValue
                    findings.expect(now <= Self.concurrency, "\(now) handlers ran at a time")
                    await Task.yield()
                    running.subtract(1, ordering: .relaxed)
                }
                .concurrency(Self.concurrency)
                Handle { gauge in
                    await Task.yield()
                    if gauge.attempts.next() == 1 { throw FirstAttempt() }
                }
                .timeout(.seconds(600)).concurrency(2, per: \.number).retry(.immediate(attempts: 5))
                Handle { [self] _ in debounced.add(1, ordering: .relaxed) }.debounce(.milliseconds(1), per: \.number)
                Handle { [self] _ in differing.add(1, ordering: .relaxed) }.removeDuplicates(of: \.number)
                Handle { [self] _ in limited.add(1, ordering: .relaxed) }
                    .limit(10, per: \.number, within: .milliseconds(1))
            }
        }
    }

    /// Notes a gauge that was fired.
    func note(_ gauge: Gauge) {
        fired.add(1, ordering: .relaxed)
        numbersFired.bitwiseOr(1 << gauge.number, ordering: .relaxed)
        findings.expect(gauge.attempts.value == 2, "a handler had \(gauge.attempts.value) attempts instead of 2")
    }

    /// Notes what the handlers must not have seen, after the last stop.
    func check() {
        let fired = fired.load(ordering: .relaxed)
        let names = ["before", "after", "detached"]
        let counts = [
            before.load(ordering: .relaxed), after.load(ordering: .relaxed), detached.load(ordering: .relaxed),
        ]
        for (name, seen) in zip(names, counts) {
            findings.expect(seen == fired, "the handler \(name) saw \(seen) of \(fired) gauges")
        }
        let numbers = numbersFired.load(ordering: .relaxed).nonzeroBitCount
        let debounced = debounced.load(ordering: .relaxed)
        findings.expect(
            (numbers...max(numbers, fired)).contains(debounced),
            "of \(fired) gauges with \(numbers) numbers \(debounced) started a debounced handler"
        )
        for count in [differing.load(ordering: .relaxed), limited.load(ordering: .relaxed)] {
            findings.expect((min(1, fired)...fired).contains(count), "\(count) of \(fired) gauges were let pass")
        }
    }
}
