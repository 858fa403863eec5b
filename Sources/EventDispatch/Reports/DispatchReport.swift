/// The result of a fire: how many handlers matched and succeeded, the outcomes of the others, and the replies.
///
/// It retains no handler.
public struct DispatchReport<Event: MatchableEvent>: AnyDispatchReport {
    private let summary: DispatchSummary

    @usableFromInline
    init(_ summary: DispatchSummary) { self.summary = summary }

    /// How many handlers the event matched. A handler whose limit another event used up meanwhile isn't a match.
    public var matched: Int { summary.matched }
    /// How many of them returned without throwing.
    public var succeeded: Int { summary.succeeded }
    /// The outcomes of the handlers that did not succeed, in dispatch order; of all, with `detail: .all`.
    public var outcomes: [HandlerOutcome] { summary.outcomes }
    /// The replies of the handlers that succeeded, in dispatch order; empty where the event's `Reply` is `Void`.
    public var replies: [Event.Reply] { summary.replies.compactMap(ReplyBox<Event.Reply>.reply(in:)) }
    /// How long the fire took; nil unless it was asked for `detail: .all`.
    public var duration: Duration? { summary.duration }
    /// Whether the event matched no handler but such as watch, in `OnAny(.before)` and `OnAny(.after)`.
    public var isUnhandled: Bool { summary.isUnhandled }

    /// The event's name.
    public var eventName: String { Event.eventName }
}

/// The part of a ``DispatchReport`` that does not depend on the event's type.
public protocol AnyDispatchReport: Sendable, CustomStringConvertible {
    /// The event's name.
    var eventName: String { get }
    /// How many handlers the event matched.
    var matched: Int { get }
    /// How many of them returned without throwing.
    var succeeded: Int { get }
    /// The outcomes of the handlers that did not succeed, in dispatch order; of all, with `detail: .all`.
    var outcomes: [HandlerOutcome] { get }
    /// How long the fire took; nil unless it was asked for `detail: .all`.
    var duration: Duration? { get }
    /// Whether the event matched no handler but such as watch, in `OnAny(.before)` and `OnAny(.after)`.
    var isUnhandled: Bool { get }
}

extension AnyDispatchReport {
    /// How many handlers threw. Those that did not end in time are counted by ``timedOut``.
    public var failed: Int { outcomes.count { if case .failed = $0.result { true } else { false } } }

    /// How many handlers did not end, or start, within their time-outs.
    public var timedOut: Int { outcomes.count(where: \.result.isTimedOut) }

    /// A line of counts, then a line for each outcome.
    public var description: String {
        let counts = "\(escapingControlCharacters(eventName)): \(matched) matched, \(succeeded) succeeded"
        return ([counts] + outcomes.map { "  \($0)" }).joined(separator: "\n")
    }
}

/// How much a ``DispatchReport`` says.
public enum ReportDetail: Hashable, Sendable {
    /// Counts, replies, and an outcome for each handler that did not succeed.
    case failures
    /// An outcome for every matched handler, and durations. Reading the clock costs more than a small handler.
    case all
}

/// Thrown by `fire` when handlers failed: every error of every handler, and the whole report.
///
/// Handlers that failed stopped none of the others; ``report`` says what became of each.
public struct DispatchFailure: Error, CustomStringConvertible {
    /// The report of the fire; a `DispatchReport` of the event that was fired.
    public let report: any AnyDispatchReport

    init(report: any AnyDispatchReport) { self.report = report }

    /// The handlers' errors, in dispatch order. The outcomes in ``report`` tell which handler threw which.
    public var errors: [any Error] { report.outcomes.compactMap(\.error) }

    /// What went wrong at the bottom, on one line: where a handler failed because an event that it fired did, the causes of
    /// that.
    var causes: String {
        errors.map { error in
            (error as? DispatchFailure)?.causes ?? escapingControlCharacters("\(error)")
        }
        .joined(separator: "; ")
    }

    /// The counts, then each handler's name, call site and error.
    public var description: String { report.description }
}

/// The counts of a fire, whatever the event.
///
/// Small, because every fire returns one: what most fires have none of stands apart.
@usableFromInline
struct DispatchSummary: Sendable {
    private var matchedCount: Int32 = 0
    /// How many of the matched handlers watch, in a phase around those of the event.
    private var watching: Int32 = 0
    var succeeded = 0
    private var rest: Rest?

    /// The part that most fires have none of: outcomes, replies, the duration.
    private final class Rest: @unchecked Sendable {
        // Sound: changed by the run that makes the summary only, before anybody else has it.
        var outcomes: [HandlerOutcome] = []
        var replies: [AnyReply] = []
        var duration: Duration?
    }

    init() {}

    @inline(__always)
    init(matched: Int) { matchedCount = Int32(truncatingIfNeeded: matched) }

    /// How many handlers the event matched.
    var matched: Int { Int(matchedCount) }

    /// Whether no handler matched but such as watch.
    var isUnhandled: Bool { matchedCount == watching }

    /// Notes a handler that the event matched.
    mutating func noteMatch(of handler: RegisteredHandler) {
        matchedCount += 1
        if handler.phase.isAround { watching += 1 }
    }

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
