/// The IDs that handlers note, in the order in which they run.
final class MatchJournal: @unchecked Sendable {
    // Sound: only handlers of synchronous fires touch it, in place on the thread that fires, and each trial and each
    // journal stays on one thread.
    private var noted: [Int] = []

    func note(_ id: Int) { noted.append(id) }

    /// What was noted since the last time.
    func take() -> [Int] {
        defer { noted.removeAll(keepingCapacity: true) }
        return noted
    }
}
