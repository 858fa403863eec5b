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
