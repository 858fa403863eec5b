/// At most a number of starts in any span of time of a length, of all events or of those with one value of a key.
///
/// A claim counts from when it is made, as long as it has not started, and from then on the time of its start does: so whatever
/// the handler waits for between the two, no more than the number of starts lie closer together than the span is long.
final class WindowLimit: HandlerLimit, @unchecked Sendable {
    /// The starts that count.
    private struct Window: Sendable {
        struct Start: Sendable {
            let claim: ClaimID
            let time: Duration
        }

        /// In the order of their times.
        var starts = FIFOQueue<Start>()
        var lastStart = Duration.zero
        /// Claims that have not started.
        var claimed: Set<ClaimID> = []

        /// Forgets what lies a span or more before now, and says how many count.
        mutating func count(at now: Duration, within span: Duration) -> Int {
            while let first = starts.first, now - first.time >= span { _ = starts.popFirst() }
            return starts.count + claimed.count
        }

        mutating func noteStart(_ id: ClaimID, at now: Duration) {
            claimed.remove(id)
            lastStart = max(lastStart, now)
            starts.append(Start(claim: id, time: lastStart))
        }

        /// Gives a claim back that has not started, or whose closure refused to when it was called.
        mutating func giveBack(_ id: ClaimID) {
            if claimed.remove(id) == nil { starts.removeAll { $0.claim == id } }
        }
    }

    private let count: Int
    private let span: Duration
    /// The time. Not read under the lock: it may be users' code.
    private let clock: Stopwatch
    private let windows: KeyedStates<Window>

    init(_ count: Int, within span: Duration, on clock: any Clock<Duration>, per key: EventKey?, capacity: Int) {
        self.count = count
        self.span = span
        self.clock = Stopwatch(on: clock)
        windows = KeyedStates(per: key, capacity: capacity, Window())
    }

    override func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        let now = clock()
        let claim = windows.change(for: event) { window in
            guard window.count(at: now, within: span) < count else { return false }
            window.claimed.insert(id)
            return true
        }
        return claim?.result ?? false
    }

    override func hasStart(for event: EventReference) -> Bool {
        guard var window = windows.state(for: event) else { return false }
        return window.count(at: clock(), within: span) < count
    }

    override var notesStarts: Bool { true }

    override func noteStart(_ id: ClaimID, for event: EventReference) {
        let now = clock()
        windows.changeKnown(for: event) { $0.noteStart(id, at: now) }
    }

    override func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        if case .notStarted = end { windows.changeKnown(for: event) { $0.giveBack(id) } }
        return false
    }

    override var readsEvent: Bool { windows.isPerKey }

    override var forgottenKeys: Int? { windows.forgotten }
}
