import EventDispatch

/// Rounds of use, each of a dispatcher of its own.
struct StressRun {
    private static let rounds = 10

    let options: StressOptions
    let findings: Findings

    /// Runs, and prints what was done.
    func run() async throws {
        var counts = OperationCounts()
        let start = ContinuousClock.now
        for number in 0..<Self.rounds {
            let (dispatcher, done) = try await round(number)
            counts += done
            await checkRemains(of: dispatcher)
            Console.print("round \(number + 1) of \(Self.rounds): \(done.total) operations, \(findings.count) findings")
        }
        Console.print("\(counts.total) operations in \(ContinuousClock.now - start):")
        for operation in Operation.allCases { Console.print("  \(operation): \(counts[operation])") }
    }

    private func round(_ number: Int) async throws -> (WeakDispatcher, OperationCounts) {
        let operations = options.operations * (number + 1) / Self.rounds - options.operations * number / Self.rounds
        let round = Round(operations: operations, seed: options.seed &+ UInt64(number), findings)
        return (WeakDispatcher(round.dispatcher), try await round.run(threads: options.threads, tasks: options.tasks))
    }

    /// Checks that nothing is left of a dispatcher that nobody uses any more. Tasks may be about to let go of something.
    private func checkRemains(of dispatcher: WeakDispatcher) async {
        let end = ContinuousClock.now + .seconds(20)
        while dispatcher.isAlive || Life.Kind.allCases.contains(where: { $0.alive > 0 }), ContinuousClock.now < end {
            await Task.yield()
        }
        findings.expect(!dispatcher.isAlive, "a dispatcher that nobody uses is alive")
        for kind in Life.Kind.allCases {
            findings.expect(kind.alive == 0, "\(kind.alive) objects of kind \(kind) are alive after their dispatcher")
        }
    }
}

/// Whether a dispatcher is alive.
struct WeakDispatcher {
    private weak var dispatcher: EventDispatcher?

    init(_ dispatcher: EventDispatcher) { self.dispatcher = dispatcher }

    var isAlive: Bool { dispatcher != nil }
}
