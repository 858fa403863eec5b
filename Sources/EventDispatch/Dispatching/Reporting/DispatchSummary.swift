/// What a fire did, whatever the event.
struct DispatchSummary: Sendable {
    let event: any MatchableEvent.Type
    var matched = 0
    var succeeded = 0
    var outcomes: [HandlerOutcome] = []
    var replies: [any Sendable] = []
    var duration: Duration?

    /// The typed report.
    var report: any AnyDispatchReport { report(of: event) }

    private func report<Event: MatchableEvent>(of event: Event.Type) -> any AnyDispatchReport {
        DispatchReport<Event>(self)
    }
}
