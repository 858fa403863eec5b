import CEventDispatch

/// An observer that writes a line for each thing that happens, to standard error unless told otherwise.
///
/// ```text
/// fire Shop.OrderPlaced
/// start Shop.OrderPlaced 'charge' at Shop/Billing.swift:12 (during)
/// end Shop.OrderPlaced 'charge' at Shop/Billing.swift:12 (during) failed: declined (0.0021 seconds)
/// done Shop.OrderPlaced: 1 matched, 0 succeeded
/// ```
///
/// Control characters in names and errors are escaped, so that each entry is one line. Events that are fired by a handler
/// show their path: `Shop.OrderPlaced → Shop.StockLow`.
public struct DispatchLog: DispatchObserver {
    private let write: @Sendable (String) -> Void

    /// Makes a log.
    ///
    /// - Parameter write: takes one line at a time, without line end, on any thread.
    public init(write: @escaping @Sendable (String) -> Void = DispatchLog.writeToStandardError) {
        self.write = write
    }

    /// Writes a line to standard error, in one piece.
    public static func writeToStandardError(_ line: String) {
        var line = line + "\n"
        line.withUTF8 { ed_write_standard_error($0.baseAddress, $0.count) }
    }

    /// Writes `fire` and the path.
    public func fireStarted(_ fire: ObservedFire) { entry("fire", fire) }

    /// Writes `start`, the path and the handler.
    public func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) {
        entry("start", fire, " \(handler)")
    }

    /// Writes `again`, the path and what came of the attempt.
    public func attemptFailed(_ outcome: HandlerOutcome, in fire: ObservedFire) { entry("again", fire, " \(outcome)") }

    /// Writes `overrun`, the path and the handler.
    public func overrunEnded(_ handler: ObservedHandler, in fire: ObservedFire) {
        entry("overrun", fire, " \(handler) ended")
    }

    /// Writes `end`, the path and the outcome.
    public func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {
        entry("end", fire, " \(outcome)\(outcome.duration.map { " (\($0))" } ?? "")")
    }

    /// Writes `done`, the path and the counts.
    public func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) {
        entry("done", fire, ": \(report.matched) matched, \(report.succeeded) succeeded")
    }

    /// Writes `unhandled` and the path.
    public func unhandled(_ fire: ObservedFire) { entry("unhandled", fire) }

    /// Writes `dropped`, the event's name and the reason.
    public func dropped(_ event: any MatchableEvent, reason: DropReason) {
        write(escapingControlCharacters("dropped \(type(of: event).eventName): \(reason)"))
    }

    private func entry(_ verb: String, _ fire: ObservedFire, _ rest: String = "") {
        write(escapingControlCharacters("\(verb) \(fire.path.joined(separator: " → "))\(rest)"))
    }
}
