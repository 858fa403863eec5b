import Synchronization

/// Counters by name.
public final class CounterTable: Sendable {
    private let counters = Mutex<[String: Counter]>([:])

    /// The counter of a name; the same one for the same name. It is in the table from now on, be it at 0.
    func counter(named name: String) -> Counter {
        counters.withLock { counters in
            if let counter = counters[name] { return counter }
            let counter = Counter()
            counters[name] = counter
            return counter
        }
    }

    /// Names and counts, the highest first.
    public var rows: [CountedName] {
        counters.withLock { $0.map { CountedName(name: $0.key, count: $0.value.value) } }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}
