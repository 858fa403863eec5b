import Synchronization

/// Which handlers ran, in order, and how many of them are alive.
final class Visits: Sendable {
    private let noted = Mutex<[Int]>([])
    private let alive = Atomic(0)

    /// What was noted since the last time.
    func take() -> [Int] {
        noted.withLock { noted in
            defer { noted.removeAll(keepingCapacity: true) }
            return noted
        }
    }

    /// How many visitors exist.
    var visitors: Int { alive.load(ordering: .relaxed) }

    fileprivate func note(_ id: Int) { noted.withLock { $0.append(id) } }
    fileprivate func count(_ change: Int) { alive.add(change, ordering: .relaxed) }
}

/// What a handler captures: it notes that the handler ran, and goes when the handler does.
final class Visitor: Sendable {
    private let id: Int
    private let visits: Visits

    init(_ id: Int, _ visits: Visits) {
        self.id = id
        self.visits = visits
        visits.count(1)
    }

    func note() { visits.note(id) }

    deinit { visits.count(-1) }
}
