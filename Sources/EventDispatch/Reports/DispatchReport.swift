/// What a fire did: how many handlers matched and succeeded, what became of the others, and the replies.
///
/// It retains no handler.
public struct DispatchReport<Event: MatchableEvent>: AnyDispatchReport {
    private let summary: DispatchSummary

    @usableFromInline
    init(_ summary: DispatchSummary) { self.summary = summary }

    /// How many handlers the event matched. A handler whose limit another event used up meanwhile is no match.
    public var matched: Int { summary.matched }
    /// How many of them returned without throwing.
    public var succeeded: Int { summary.succeeded }
    /// What became of the handlers that did not succeed, in dispatch order; of all, with `detail: .all`.
    public var outcomes: [HandlerOutcome] { summary.outcomes }
    /// What the handlers that succeeded returned, in dispatch order; empty where the event's `Reply` is `Void`.
    public var replies: [Event.Reply] { summary.replies.compactMap(ReplyBox<Event.Reply>.reply(in:)) }
    /// How long the fire took; nil unless it was asked for `detail: .all`.
    public var duration: Duration? { summary.duration }

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
    /// What became of the handlers that did not succeed, in dispatch order; of all, with `detail: .all`.
    var outcomes: [HandlerOutcome] { get }
    /// How long the fire took; nil unless it was asked for `detail: .all`.
    var duration: Duration? { get }
}

extension AnyDispatchReport {
    /// Whether the event matched no handler.
    public var isUnhandled: Bool { matched == 0 }

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
