import EventDispatch

/// Judges from its report which pairs a fire saw.
struct SightingCheck {
    /// The numbers of the pairs that are there all the time.
    let lasting: Range<Int>

    /// What is wrong with what a fire saw; nil when nothing is.
    ///
    /// - Parameters:
    ///   - present: a pair that it has to have seen.
    ///   - absent: a pair that it can't have seen.
    func problem(
        with report: DispatchReport<Reading>,
        present: Int? = nil,
        absent: Int? = nil
    ) -> String? {
        var seen: [String: Int] = [:]
        for outcome in report.outcomes { seen[outcome.handler.name, default: 0] += 1 }
        if let (name, count) = seen.first(where: { $0.value > 1 }) { return "handler \(name) was seen \(count) times" }
        guard report.matched == seen.count else { return "\(report.matched) matched, \(seen.count) have an outcome" }
        let (firsts, seconds) = (numbers(report, "first"), numbers(report, "second"))
        let halves = firsts.symmetricDifference(seconds)
        if !halves.isEmpty { return "of these pairs one handler was seen: \(halves.sorted())" }
        if let missing = lasting.first(where: { !firsts.contains($0) }) { return "pair \(missing) was not seen" }
        if let present, !firsts.contains(present) { return "pair \(present) is subscribed and was not seen" }
        if let absent, firsts.contains(absent) { return "pair \(absent) is cancelled and was seen" }
        let phases = report.outcomes.map { $0.phase == "early" ? 0 : 1 }
        return phases == phases.sorted() ? nil : "a handler of a later phase came first"
    }

    private func numbers(_ report: DispatchReport<Reading>, _ place: String) -> Set<Int> {
        Set(
            report.outcomes.compactMap { outcome in
                let words = outcome.handler.name.split(separator: " ")
                return words[1] == place ? Int(words[0]) : nil
            }
        )
    }
}
