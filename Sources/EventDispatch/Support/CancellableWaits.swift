/// Remembers which tasks that are about to wait were cancelled before they did.
struct CancellableWaits: Sendable {
    private var last = 0
    private var begun: Set<Int> = []
    private var cancelled: Set<Int> = []

    mutating func begin() -> Int {
        last += 1
        begun.insert(last)
        return last
    }

    mutating func cancel(_ id: Int) {
        if begun.contains(id) { cancelled.insert(id) }
    }

    func isCancelled(_ id: Int) -> Bool { cancelled.contains(id) }

    mutating func end(_ id: Int) {
        begun.remove(id)
        cancelled.remove(id)
    }
}
