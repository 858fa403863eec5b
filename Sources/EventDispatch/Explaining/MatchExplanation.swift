/// Which handlers an event reaches, and why not the others, as ``EventDispatcher/explain(_:)`` finds out.
///
/// Prints for a reader at a terminal, on about a page however many handlers there are:
///
/// ```text
/// App.UserCreated: 1 of 3 handlers matches
///
/// Lookups
///   \.role: .user → values (1 value, 2 entries): 0 candidates
///   no filter: 1 handler, which every event finds
///
/// Would run
///   before
///     1. 'audit' at App/Main.swift:12
///
/// Did not match
///   2 handlers: `\.role == .admin` failed: `.user` (the first: 'page' at App/Main.swift:16)
/// ```
///
/// Texts that say something about filters and values are on one line each, with control characters escaped, and cut where they
/// are long. An explanation retains neither the event nor any handler or filter.
public struct MatchExplanation: Hashable, Sendable {
    /// The event's name.
    public let event: String
    /// Whether the explanation is of the handlers of one subscription.
    public let isOfOneSubscription: Bool
    /// How many handlers were asked about: those of the event's type, of all subscriptions or of the one.
    public internal(set) var handlers = 0
    /// The keys that filters of those handlers name, and what was looked up for them.
    public internal(set) var keys: [KeyLookup] = []
    /// How many of the handlers have no filter, and so match every event.
    public internal(set) var unfiltered = 0
    /// Those of the handlers that are tried one by one, because nothing of their filters can be indexed.
    public internal(set) var scanned = ScannedHandlers(count: 0, examples: [])
    /// The handlers that would run, in the order in which they would start.
    public internal(set) var matched: [MatchedHandler] = []
    /// The reasons why the others don't match, with how many each kept, the most frequent first: twenty, and among them all that
    /// is no condition.
    public internal(set) var obstacles: [MatchObstacle] = []
    /// How many different conditions there were beside those of ``obstacles``.
    public internal(set) var furtherObstacles = 0
    /// How many handlers those kept.
    public internal(set) var furtherHandlers = 0
    /// How near a match the handler was that came nearest: how many of the conditions that have to hold together failed. Nil where
    /// no condition failed, and where the explanation is not of one subscription.
    ///
    /// Alternatives count as one condition. A closure counts only where no other condition failed.
    public internal(set) var fewestFailures: Int?

    init(event: String, isOfOneSubscription: Bool) {
        self.event = event
        self.isOfOneSubscription = isOfOneSubscription
    }
}

extension MatchExplanation: CustomStringConvertible {
    /// The most handlers that are printed of those that would run.
    private static let mostMatchedPrinted = 20

    /// The explanation on about a page, for a reader at a terminal. Made when it is asked for.
    public var description: String {
        ([[headline], lookups, wouldRun, didNotMatch].filter { !$0.isEmpty }.map { $0.joined(separator: "\n") })
            .joined(separator: "\n\n")
    }

    private var headline: String {
        let event = escapingControlCharacters(event)
        guard handlers > 0 else {
            guard isOfOneSubscription else { return "\(event): no handler is subscribed" }
            return "\(event): the subscription has no handler for it\(obstacles.isEmpty ? "" : " now")"
        }
        let all = counted(handlers, "handler")
        let subject = isOfOneSubscription ? "the subscription's \(all)" : all
        return "\(event): \(inThousands(matched.count)) of \(subject) \(matched.count == 1 ? "matches" : "match")"
    }

    private var lookups: [String] {
        var lines = keys.map { "  \($0)" }
        if unfiltered > 0 { lines.append("  no filter: \(counted(unfiltered, "handler")), which every event finds") }
        if scanned.count > 0 {
            let handlers = counted(scanned.count, "handler")
            lines.append("  scanned: \(handlers), because nothing in the filter can be indexed")
            lines += scanned.examples.map { "    \($0)" }
            if scanned.count > scanned.examples.count {
                lines.append("    … and \(inThousands(scanned.count - scanned.examples.count)) more")
            }
        }
        return lines.isEmpty ? [] : ["Lookups"] + lines
    }

    private var wouldRun: [String] {
        guard !matched.isEmpty else { return [] }
        var lines = ["Would run"]
        var phase: String?
        for (index, handler) in matched.prefix(Self.mostMatchedPrinted).enumerated() {
            if handler.phase != phase { lines.append("  \(escapingControlCharacters(handler.phase))") }
            phase = handler.phase
            lines.append("    \(index + 1). \(handler)")
        }
        let further = matched.count - Self.mostMatchedPrinted
        if further > 0 { lines.append("    … and \(counted(further, "more handler"))") }
        return lines
    }

    private var didNotMatch: [String] {
        guard !obstacles.isEmpty else { return [] }
        var lines = ["Did not match"] + obstacles.map { "  \($0)" }
        if furtherObstacles > 0 {
            let handlers = counted(furtherHandlers, "handler")
            lines.append("  … and \(counted(furtherObstacles, "more condition")) (\(handlers))")
        }
        return lines
    }
}
