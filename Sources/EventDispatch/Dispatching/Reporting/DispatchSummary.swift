/// What a fire did, whatever the event.
@usableFromInline
struct DispatchSummary: Sendable {
    let event: any MatchableEvent.Type
    var matched = 0
    var succeeded = 0
    var outcomes: [HandlerOutcome] = []
    var replies: [any Sendable] = []
    var duration: Duration?

    init(event: any MatchableEvent.Type) { self.event = event }

    /// Throws what handlers failed with, or else that one was cancelled.
    func throwProblems() throws {
        if outcomes.contains(where: \.result.isFailure) { throw DispatchFailure(report: report) }
        if outcomes.contains(where: \.result.isCancelled) { throw CancellationError() }
    }

    /// The typed report.
    var report: any AnyDispatchReport { report(of: event) }

    private func report<Event: MatchableEvent>(of event: Event.Type) -> any AnyDispatchReport {
        DispatchReport<Event>(self)
    }
}
