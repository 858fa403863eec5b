import EventDispatch
/// D6: adding one subscription and cancelling it, while others are there.
struct ChangingBenchmark {
    let subscriptions: Int
    let options: BenchmarkOptions

    /// - Parameter first: what the first size took; the ratio is to it.
    func measure(comparedTo first: BenchmarkRow?) throws -> BenchmarkRow {
        let handlers = NamedHandlers(subscriptions)
        defer { handlers.free() }
        let set = try handlers.subscribe()
        let changes = try ChangeTiming(runs: options.runs) { variant in
            try handlers.subscribe(subscriptions + variant)
        }
        let both = Quartiles(zip(changes.add, changes.remove).map { $0 + $1 })
        var row = BenchmarkRow(Workload.changing.rawValue, subscriptions: subscriptions)
        row.nanosecondsPerEvent = both.median
        row.spread = both.spread
        row.ratio = first?.nanosecondsPerEvent.map { both.median / $0 }
        row.bytesPerSubscription = set.bytesEach
        row.tableBytesPerSubscription = Double(handlers.dispatcher.tableByteCount) / Double(subscriptions)
        row.setChanges(changes)
        return row
    }
}
