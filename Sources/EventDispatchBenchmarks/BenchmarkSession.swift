/// Measures what is asked for, and prints each result when it is there.
struct BenchmarkSession {
    private let options: BenchmarkOptions
    /// The rows whose checksums are wrong.
    private(set) var mismatches: [BenchmarkRow] = []
    /// What the first size took, of those that are compared by size.
    private var first: [Workload: BenchmarkRow] = [:]

    init(_ options: BenchmarkOptions) { self.options = options }

    @concurrent
    mutating func run() async throws {
        if !options.isJSON { Console.print(BenchmarkTable.header) }
        for workload in options.workloads {
            for subscriptions in options.subscriptions(for: workload) {
                report(try await measure(workload, subscriptions))
            }
        }
        for row in mismatches {
            guard let checksum = row.checksum else { continue }
            let place = "\(row.workload) at \(row.subscriptions)"
            Console.note("error: \(place): the checksum is \(checksum.value), not \(checksum.expected)")
        }
    }

    private nonisolated(nonsending) mutating func measure(
        _ workload: Workload,
        _ subscriptions: Int
    ) async throws -> BenchmarkRow {
        switch workload {
        case .equality: return try await measure(.equality, workload, subscriptions)
        case .conjunction: return try await measure(.conjunction, workload, subscriptions)
        case .range: return try await measure(.range, workload, subscriptions)
        case .prefix: return try await measure(.prefix, workload, subscriptions)
        case .mixed: return try await measure(.mixed, workload, subscriptions)
        case .tagged: return try await TaggedBenchmark(subscriptions: subscriptions, options: options).measure()
        case .oneHandler, .oneHandlerAwaited, .hundredHandlers, .recorded, .recordedAwaited:
            let benchmark = HandlerListBenchmark(workload: workload, handlers: subscriptions, options: options)
            return try await benchmark.measure()
        case .oneOfMany: return try await OneOfManyBenchmark(subscriptions: subscriptions, options: options).measure()
        case .awaited: return try await AwaitedBenchmark.measure(workload, options: options)
        case .awaitedOnMainActor: return try await AwaitedBenchmark.measureOnMainActor(options: options)
        case .sideBySide, .sideBySideSuspending:
            let suspends = workload == .sideBySideSuspending
            return try await SideBySideBenchmark(workload: workload, suspends: suspends, options: options).measure()
        case .changing:
            let benchmark = ChangingBenchmark(subscriptions: subscriptions, options: options)
            return try compared(workload) { try benchmark.measure(comparedTo: $0) }
        case .twoThreads, .twoThreadsBesideOwners, .twoThreadsWithLimits:
            let benchmark = TwoThreadsBenchmark(workload: workload, subscriptions: subscriptions, options: options)
            return try await benchmark.measure()
        case .whileChanging:
            return try await WhileChangingBenchmark(subscriptions: subscriptions, options: options).measure()
        case .observers: return ObserverCheck.measure(runs: options.runs)
        case .asking, .cancellingAnOwners, .findingAnID, .usingABlockUp, .firingBesideOtherProtocols,
            .claimingManyBlocks, .subscribingBesideAnyEvents, .mutingMany, .cancellingManyInOneFire:
            let benchmark = BesideManyBenchmark(workload: workload, subscriptions: subscriptions, options: options)
            return try compared(workload) { try benchmark.measure(comparedTo: $0) }
        case .growth: return try GrowthBenchmark(subscriptions: subscriptions, options: options).measure()
        case .bulk: return try BulkBenchmark(subscriptions: subscriptions, options: options).measure()
        case .pauses: return try PauseBenchmark(subscriptions: subscriptions, options: options).measure()
        }
    }

    /// Measures a workload whose ratio is to its first size.
    private mutating func compared(
        _ workload: Workload,
        _ measure: (BenchmarkRow?) throws -> BenchmarkRow
    ) rethrows -> BenchmarkRow {
        let row = try measure(first[workload])
        first[workload] = first[workload] ?? row
        return row
    }

    private nonisolated(nonsending) func measure(
        _ matching: MatchingWorkload,
        _ workload: Workload,
        _ subscriptions: Int
    ) async throws -> BenchmarkRow {
        try await MatchingBenchmark(
            matching,
            name: workload.rawValue,
            subscriptions: subscriptions,
            options: options
        )
        .measure()
    }

    private mutating func report(_ row: BenchmarkRow) {
        Console.print(options.isJSON ? row.json : BenchmarkTable.line(row))
        if let checksum = row.checksum, checksum.value != checksum.expected { mismatches.append(row) }
    }
}
