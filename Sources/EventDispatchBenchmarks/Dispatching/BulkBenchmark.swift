import EventDispatch

/// All filters of W1 in one `subscribe`, by a `for` in its builder.
struct BulkBenchmark {
    let subscriptions: Int
    let options: BenchmarkOptions

    func measure() throws -> BenchmarkRow {
        let calls = CallCounter()
        defer { calls.free() }
        let users = (0..<subscriptions).map { RecordText.user($0) }
        let rounds = min(options.runs, 3)
        var add: [Double] = []
        var remove: [Double] = []
        for _ in 0..<rounds {
            let dispatcher = EventDispatcher()
            let clock = ContinuousClock()
            let start = clock.now
            let subscription = try dispatcher.subscribe {
                On(Record.self) {
                    for user in users {
                        Where(\.user, is: user)
                        Handle { _ in calls.increment() }
                    }
                }
            }
            let middle = clock.now
            subscription.cancel()
            let end = clock.now
            add.append((middle - start).nanoseconds / Double(subscriptions))
            remove.append((end - middle).nanoseconds / Double(subscriptions))
        }
        var row = BenchmarkRow(Workload.bulk.rawValue, subscriptions: subscriptions)
        row.addNanoseconds = Quartiles(add).median
        row.removeNanoseconds = Quartiles(remove).median
        let seconds = Quartiles(add).median * Double(subscriptions) / 1e9
        Console.note("\(subscriptions) subscriptions in one `subscribe` took \(seconds.fixed(decimals: 2)) s")
        return row
    }
}
