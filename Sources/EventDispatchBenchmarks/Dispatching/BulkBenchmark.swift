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
            try fire(users, at: dispatcher, counting: calls)
            let cancelling = clock.now
            subscription.cancel()
            let end = clock.now
            add.append((middle - start).nanoseconds / Double(subscriptions))
            remove.append((end - cancelling).nanoseconds / Double(subscriptions))
        }
        var row = BenchmarkRow(Workload.bulk.rawValue, subscriptions: subscriptions)
        row.addNanoseconds = Quartiles(add).median
        row.removeNanoseconds = Quartiles(remove).median
        let seconds = Quartiles(add).median * Double(subscriptions) / 1e9
        Console.note("\(subscriptions) subscriptions in one `subscribe` took \(seconds.fixed(decimals: 2)) s")
        return row
    }

    /// Shows that the first and the last subscription are there.
    private func fire(_ users: [String], at dispatcher: EventDispatcher, counting calls: CallCounter) throws {
        let before = calls.value
        let chosen = Set([users.first, users.last].compactMap(\.self))
        for user in chosen {
            try dispatcher.fireSynchronously(Record(type: "t00", user: user, role: "r0", name: "", amount: 0))
        }
        guard calls.value - before == chosen.count else {
            throw BenchmarkFailure("bulk called \(calls.value - before) of \(chosen.count) handlers")
        }
    }
}
