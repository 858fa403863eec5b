import EventDispatch

/// Expectations that were not met.
public struct ExpectationFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One that was not met, or an event that nothing expected: the expectation and its place, how often its event came, and the
    /// nearest one that did.
    public let problems: [String]
    /// Where the expectations stand.
    public let location: CallSite
    /// The path of a trace of what happened; nil if none could be written.
    public let trace: String?

    /// All problems, each on lines of its own, and where the trace is.
    public var description: String {
        let lines = ["\(location): expectations were not met"] + problems.map { "- \($0)" }
        return (lines + (trace.map { ["a trace is in \($0)"] } ?? [])).joined(separator: "\n")
    }
}

/// Compares what was expected with what came.
struct ExpectationReview {
    /// How many events one problem shows.
    private static let shownEvents = 5
    /// How many Unicode scalars of an event it shows.
    private static let shownLength = 1_000

    let expectations: [ExpectationDeclaration]
    let events: [any MatchableEvent]
    let isStrict: Bool

    var problems: [String] {
        expectations.compactMap(problem) + (isStrict ? unexpected : [])
    }

    private func problem(with expectation: ExpectationDeclaration) -> String? {
        let fits = events.map { expectation.fit($0) }
        let fitting = zip(events, fits).filter { $0.1.isWhole }.map(\.0)
        guard !expectation.count.contains(fitting.count) else { return nil }
        let times = fitting.count == 1 ? "1 time" : "\(fitting.count) times"
        let head = "\(expectation.source) at \(expectation.location): fired \(times)"
        if expectation.count.isExceeded(by: fitting.count) {
            let more = fitting.count - Self.shownEvents
            let shown = fitting.prefix(Self.shownEvents).map { "\n  came: \(text($0))" }.joined()
            return head + shown + (more > 0 ? "\n  and \(more) more" : "")
        }
        return head + "\n  " + nearest(fits)
    }

    /// The event for which the fewest conditions did not hold; of several the last that came.
    private func nearest(_ fits: [ExpectationDeclaration.Fit]) -> String {
        let near = zip(events, fits).compactMap { event, fit in
            if case .near(let failures) = fit { (event: event, failures: failures) } else { nil }
        }
        guard let nearest = near.reversed().min(by: { $0.failures.count < $1.failures.count }) else {
            return events.isEmpty ? "no event came" : "nothing like it came"
        }
        return "nearest: \(text(nearest.event))" + nearest.failures.map { "\n    \($0)" }.joined()
    }

    private var unexpected: [String] {
        let claiming = expectations.filter(\.claimsEvents)
        return events.filter { event in !claiming.contains { $0.fit(event).isWhole } }
            .map { "unexpected: \(text($0))" }
    }

    private func text(_ event: any MatchableEvent) -> String { printed(event, atMost: Self.shownLength) }
}

extension ExpectationDeclaration.Fit {
    fileprivate var isWhole: Bool {
        if case .whole = self { true } else { false }
    }
}
