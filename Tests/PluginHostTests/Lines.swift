import EventDispatch

/// Collects lines, from any task.
final class Lines: Sendable {
    private let storage = Locked<[String]>([])

    func add(_ line: String) { storage.withLock { $0.append(line) } }

    var all: [String] { storage.withLock { $0 } }
}
