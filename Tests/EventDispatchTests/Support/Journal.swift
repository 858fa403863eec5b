import EventDispatch

/// Collects what handlers note, from any task.
final class Journal: Sendable {
    private let storage = Locked<[String]>([])

    func note(_ entry: String) { storage.withLock { $0.append(entry) } }

    var entries: [String] { storage.withLock { $0 } }
}
