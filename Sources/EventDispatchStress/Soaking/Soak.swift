import EventDispatch
import Synchronization

/// Minutes of firing, subscribing and cancelling at full speed. No more may be allocated at the end than after the warm-up, and what
/// fires take is told.
final class Soak: Sendable {
    /// What is allocated may grow by this part of what it was.
    private static let tolerance = 0.01
    /// The part of the time that is for warming up.
    private static let warmUp = 0.25
    /// The handlers that stay.
    private static let lasting = 50_000
    /// Memory is looked at this often.
    private static let interval = Duration.seconds(2)

    private let dispatcher = EventDispatcher()
    private let options: StressOptions
    private let findings: Findings
    private let rest: Rest
    private let isOver = Atomic(false)
    private let done = Locked<(latencies: Latencies, changes: Int)>((Latencies(), 0))

    init(_ options: StressOptions, _ findings: Findings) {
        self.options = options
        self.findings = findings
        rest = Rest(of: options.threads)
    }

    func run(minutes: Int) async throws {
        let lasting = SubscriptionBag()
        for number in 0..<Self.lasting { lasting.insert(try SoakWorker.subscribe(number, to: dispatcher)) }
        let samples = try await withThrowingTaskGroup { group in
            for number in 0..<options.threads { group.addTask { await onThread { self.work(number) } } }
            defer { self.isOver.store(true, ordering: .relaxed) }
            return try await self.sample(for: .seconds(60 * minutes))
        }
        report(samples)
        let listed = dispatcher.handlers.count
        findings.expect(listed == Self.lasting, "\(listed) handlers are left instead of \(Self.lasting)")
        lasting.cancel()
    }

    private func work(_ number: Int) {
        var worker = SoakWorker(dispatcher, seed: options.seed &+ UInt64(number))
        while !isOver.load(ordering: .relaxed) {
            worker.step(findings)
            rest.takeIfWanted()
        }
        worker.end()
        done.withLock { done in
            done.latencies += worker.latencies
            done.changes += worker.changes
        }
    }

    private func sample(for duration: Duration) async throws -> [MemoryUse] {
        let end = ContinuousClock.now + duration
        var samples: [MemoryUse] = []
        while ContinuousClock.now < end {
            try await Task.sleep(for: Self.interval)
            let use = try await rest.during { MemoryUse() }
            samples.append(use)
            if samples.count.isMultiple(of: 15) {
                Console.print("\(use.allocated / 1_024) KiB allocated, \(use.resident / 1_024) KiB resident")
            }
        }
        return samples
    }

    private func report(_ samples: [MemoryUse]) {
        let (latencies, changes) = done.withLock { $0 }
        Console.print(
            "\(latencies.count) fires, \(changes) subscriptions and cancellations, \(options.threads) threads"
        )
        Console.print(
            "a fire took, in ns: p50 \(latencies.quantile(0.5)), p99 \(latencies.quantile(0.99)), "
                + "p99.9 \(latencies.quantile(0.999)), maximum \(latencies.maximum)"
        )
        let warm = samples.dropFirst(Int(Double(samples.count) * Self.warmUp))
        let (first, last) = (warm.prefix(warm.count / 4), warm.suffix(warm.count / 4))
        let (early, late) = (Self.median(first, \.allocated), Self.median(last, \.allocated))
        Console.print("allocated, medians: \(early / 1_024) KiB after the warm-up, \(late / 1_024) KiB at the end")
        Console.print(
            "resident, medians: \(Self.median(first, \.resident) / 1_024) KiB after the warm-up, "
                + "\(Self.median(last, \.resident) / 1_024) KiB at the end"
        )
        findings.expect(early > 0, "what is allocated can't be told here")
        findings.expect(
            Double(late) <= Double(early) * (1 + Self.tolerance),
            "what is allocated grew from \(early) to \(late) bytes, by more than \(Self.tolerance * 100) %"
        )
    }

    private static func median(_ samples: ArraySlice<MemoryUse>, _ value: KeyPath<MemoryUse, Int>) -> Int {
        let sorted = samples.map { $0[keyPath: value] }.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
