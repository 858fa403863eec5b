/// What a fire did, whatever the event.
@usableFromInline
struct DispatchSummary: Sendable {
    let event: any MatchableEvent.Type
    var matched = 0
    var succeeded = 0
    var outcomes: [HandlerOutcome] = []
    var replies: [any Sendable] = []
    var duration: Duration?
    private var hasFailures = false
    private var hasCancellations = false

    init(event: any MatchableEvent.Type) { self.event = event }

    /// Notes a result that is not success.
    mutating func note(_ result: HandlerResult) {
        if result.isFailure { hasFailures = true }
        if result.isCancelled { hasCancellations = true }
    }

    /// Throws what handlers failed with, or else that one was cancelled.
    func throwProblems() throws {
        if hasFailures { throw DispatchFailure(report: report) }
        if hasCancellations { throw CancellationError() }
    }

    /// The typed report.
    var report: any AnyDispatchReport { report(of: event) }

    private func report<Event: MatchableEvent>(of event: Event.Type) -> any AnyDispatchReport {
        DispatchReport<Event>(self)
    }
}
