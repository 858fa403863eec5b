import EventDispatch
import Synchronization

/// Minutes of firing, subscribing and cancelling at full speed. What is resident may not grow after the warm-up, and what fires
/// take is told.
final class Soak: Sendable {
    /// Memory may grow by this part of what it was.
    private static let tolerance = 0.01
    /// The part of the time that is for warming up.
    private static let warmUp = 0.25
    /// The subscriptions that stay.
    private static let lasting = 20_000

    private let dispatcher = EventDispatcher()
    private let options: StressOptions
    private let findings: Findings
    private let isOver = Atomic(false)
    private let done = Locked<(latencies: Latencies, changes: Int)>((Latencies(), 0))

    init(_ options: StressOptions, _ findings: Findings) {
        self.options = options
        self.findings = findings
    }

    func run(minutes: Int) async throws {
        let lasting = EventSubscriptions()
        for number in 0..<Self.lasting { lasting.insert(try SoakWorker.subscribe(number, to: dispatcher)) }
        let samples = await withTaskGroup { group in
            for number in 0..<options.threads { group.addTask { await onThread { self.work(number) } } }
            let samples = await self.sample(for: .seconds(60 * minutes))
            self.isOver.store(true, ordering: .relaxed)
            return samples
        }
        report(samples)
        let listed = dispatcher.subscriptions.count
        findings.expect(listed == Self.lasting, "\(listed) handlers are left instead of \(Self.lasting)")
        lasting.cancelAll()
    }

    private func work(_ number: Int) {
        var worker = SoakWorker(dispatcher, seed: options.seed &+ UInt64(number))
        do {
            while !isOver.load(ordering: .relaxed) { try worker.step() }
        } catch {
            findings.note("\(error)")
        }
        worker.end()
        done.withLock { done in
            done.latencies += worker.latencies
            done.changes += worker.changes
        }
    }

    /// Looks each second how much memory is resident.
    private func sample(for duration: Duration) async -> [Int] {
        let clock = ContinuousClock()
        let end = clock.now + duration
        var samples: [Int] = []
        while clock.now < end {
            try? await clock.sleep(for: .seconds(1))
            guard let resident = residentMemory() else { continue }
            samples.append(resident)
            if samples.count.isMultiple(of: 30) {
                Console.print("\(samples.count) s: \(resident / 1_024) KiB resident")
            }
        }
        return samples
    }

    private func report(_ samples: [Int]) {
        let (latencies, changes) = done.withLock { $0 }
        Console.print(
            "\(latencies.count) fires, \(changes) subscriptions and cancellations, \(options.threads) threads"
        )
        Console.print(
            "a fire took, in ns: p50 \(latencies.quantile(0.5)), p99 \(latencies.quantile(0.99)), "
                + "p99.9 \(latencies.quantile(0.999)), maximum \(latencies.maximum)"
        )
        let warm = samples.dropFirst(Int(Double(samples.count) * Self.warmUp))
        let (early, late) = (Self.median(warm.prefix(warm.count / 4)), Self.median(warm.suffix(warm.count / 4)))
        Console.print(
            "resident memory, medians: \(early / 1_024) KiB after the warm-up, \(late / 1_024) KiB at the end"
        )
        findings.expect(!samples.isEmpty, "what is resident can't be read here")
        findings.expect(
            Double(late) <= Double(early) * (1 + Self.tolerance),
            "resident memory grew from \(early) to \(late) bytes, by more than \(Self.tolerance * 100) %"
        )
    }

    private static func median(_ samples: ArraySlice<Int>) -> Int {
        let sorted = samples.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
