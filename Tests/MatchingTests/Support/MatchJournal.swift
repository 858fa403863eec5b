/// The IDs that handlers note, in the order in which they run, and how many handlers there are.
final class MatchJournal: @unchecked Sendable {
    // Sound: only handlers of synchronous fires touch it, in place on the thread that fires, and witnesses, which that
    // thread makes and, with no fire under way elsewhere, lets go. Each trial stays on one thread.
    private var noted: [Int] = []
    /// How many witnesses exist.
    fileprivate(set) var witnesses = 0

    fileprivate func note(_ id: Int) { noted.append(id) }

    /// What was noted since the last time.
    func take() -> [Int] {
        defer { noted.removeAll(keepingCapacity: true) }
        return noted
    }
}

/// What a handler captures: it notes that the handler ran, and goes when the handler does.
final class HandlerWitness: Sendable {
    private let id: Int
    private let journal: MatchJournal

    init(_ id: Int, _ journal: MatchJournal) {
        self.id = id
        self.journal = journal
        journal.witnesses += 1
    }

    func note() { journal.note(id) }

    deinit { journal.witnesses -= 1 }
}
