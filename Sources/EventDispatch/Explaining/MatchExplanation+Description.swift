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
