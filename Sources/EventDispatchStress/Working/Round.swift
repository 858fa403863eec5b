import EventDispatch

/// The life of one dispatcher: workers use it at the same time, then it has to be as empty as it was.
final class Round: Sendable {
    let dispatcher = EventDispatcher(postPolicy: .suspend(capacity: 256))
    let standing: StandingHandlers
    let modified: ModifiedHandlers
    let findings: Findings
    let seed: UInt64

    private let budget: Budget
    private let counts = Locked(OperationCounts())

    init(operations: Int, seed: UInt64, _ findings: Findings) {
        budget = Budget(operations)
        self.seed = seed
        self.findings = findings
        standing = StandingHandlers(findings)
        modified = ModifiedHandlers(findings)
    }

    /// Runs workers on threads and in tasks; returns what they did.
    func run(threads: Int, tasks: Int) async throws -> OperationCounts {
        let subscriptions = try standing.subscribe(to: dispatcher) + [modified.subscribe(to: dispatcher)]
        await withTaskGroup { group in
            for number in 0..<threads {
                group.addTask { await onThread { self.work(number) } }
            }
            for number in 0..<tasks {
                group.addTask { await self.workInTask(threads + number) }
            }
        }
        let counts = counts.withLock { $0 }
        await end(subscriptions, counts)
        return counts
    }

    private func work(_ number: Int) {
        var worker = Worker(number, in: self)
        while case let portion = budget.take(), portion > 0 {
            let end = worker.counts.total + portion
            while worker.counts.total < end { worker.step() }
        }
        leave(&worker)
    }

    private func workInTask(_ number: Int) async {
        var worker = Worker(number, in: self)
        while case let portion = budget.take(), portion > 0 {
            let end = worker.counts.total + portion
            while worker.counts.total < end { await worker.stepInTask() }
        }
        leave(&worker)
    }

    private func leave(_ worker: inout Worker) {
        worker.end()
        counts.withLock { $0 += worker.counts }
    }

    /// Ends the dispatcher's use, and checks what is left of it.
    private func end(_ subscriptions: [EventSubscription], _ counts: OperationCounts) async {
        await dispatcher.drain()
        let report = await dispatcher.stop()
        findings.expect(report.isComplete, "after the last stop: \(report)")
        let posted = counts[.post] + counts[.postRefused]
        findings.expect(
            standing.posts + report.dropped == posted,
            "of \(posted) posts \(standing.posts) were run and \(report.dropped) counted as dropped"
        )
        standing.checkLimit()
        modified.check()
        for id in 0..<Worker.ids { dispatcher.cancel(id: Worker.name(ofID: id)) }
        for subscription in subscriptions { subscription.cancel() }
        let left = dispatcher.handlers
        findings.expect(
            left.isEmpty,
            "\(left.count) handlers are left, the first is \(left.first.map { "\($0)" } ?? "")"
        )
    }
}
