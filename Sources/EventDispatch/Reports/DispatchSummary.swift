/// What a fire did, whatever the event.
///
/// Small, because every fire returns one: what most fires have none of stands apart.
@usableFromInline
struct DispatchSummary: Sendable {
    var matched = 0
    var succeeded = 0
    private var rest: Rest?

    /// What is only there when a handler did not succeed or replied, or when it was asked for.
    private final class Rest: @unchecked Sendable {
        // Sound: changed by the run that makes the summary only, before anybody else has it.
        var outcomes: [HandlerOutcome] = []
        var replies: [AnyReply] = []
        var duration: Duration?
    }

    init() {}

    var outcomes: [HandlerOutcome] { rest?.outcomes ?? [] }
    var replies: [AnyReply] { rest?.replies ?? [] }
    var duration: Duration? { rest?.duration }

    mutating func add(_ outcome: HandlerOutcome) { made().outcomes.append(outcome) }

    mutating func add(reply: AnyReply) { made().replies.append(reply) }

    mutating func note(_ duration: Duration) { made().duration = duration }

    private mutating func made() -> Rest {
        if let rest { return rest }
        let new = Rest()
        rest = new
        return new
    }

    /// Throws what handlers failed with, or else that one was cancelled.
    @inline(__always)
    func throwProblems(of event: any MatchableEvent.Type) throws {
        if rest != nil { try throwOutcomes(of: event) }
    }

    private func throwOutcomes(of event: any MatchableEvent.Type) throws {
        if outcomes.contains(where: \.result.isFailure) { throw DispatchFailure(report: report(of: event)) }
        if outcomes.contains(where: \.result.isCancelled) { throw CancellationError() }
    }

    /// The typed report.
    func report(of event: any MatchableEvent.Type) -> any AnyDispatchReport { typedReport(event) }

    private func typedReport<Event: MatchableEvent>(_ event: Event.Type) -> any AnyDispatchReport {
        DispatchReport<Event>(self)
    }
}
