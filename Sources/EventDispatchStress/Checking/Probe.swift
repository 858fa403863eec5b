import Synchronization

/// What a handler of a worker's own subscription holds: it counts the runs, and finds those that must not be.
final class Probe: Sendable {
    private let findings: Findings
    /// How many runs there may be.
    private let limit: Int
    private let runs = Atomic(0)
    private let runningNow = Atomic(0)
    private let life = Life(of: .handler)

    init(_ findings: Findings, limit: Int = .max) {
        self.findings = findings
        self.limit = limit
    }

    /// Notes a run, which lasts as long as a closure.
    func run(_ body: () -> Void = {}) {
        runningNow.add(1, ordering: .relaxed)
        let count = runs.add(1, ordering: .relaxed).newValue
        findings.expect(count <= limit, "a handler limited to \(limit) starts started \(count) times")
        body()
        runningNow.subtract(1, ordering: .relaxed)
    }

    var count: Int { runs.load(ordering: .relaxed) }

    var isRunning: Bool { runningNow.load(ordering: .relaxed) > 0 }
}
