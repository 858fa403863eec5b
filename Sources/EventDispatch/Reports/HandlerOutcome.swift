/// What became of one matched handler.
public struct HandlerOutcome: Sendable, CustomStringConvertible {
    /// The handler's name and where it was declared.
    public let handler: HandlerLabel
    /// The phase it belongs to.
    public let phase: String
    /// How it ended.
    public let result: HandlerResult
    /// How long it ran; nil unless the fire was asked for `detail: .all`.
    public let duration: Duration?
    /// Whether it started. A handler that was cancelled, or whose time was up, may have been on its way to its actor.
    public let hasStarted: Bool

    /// The number of the handler's registration.
    let registration: UInt64
    /// The group of the handler's subscription.
    let group: UInt64
    /// What it replied, if anything.
    let reply: AnyReply?

    /// What it threw, when it failed; a ``DispatchError`` with the code `.timedOut` when it did not end, or start, in time.
    public var error: (any Error)? {
        switch result {
        case .failed(let error): error
        case .timedOut:
            DispatchError(
                code: .timedOut,
                message: "\(handler) did not \(hasStarted ? "end" : "start") in time",
                location: handler.location
            )
        case .succeeded, .cancelled, .skipped: nil
        }
    }

    /// Handler, phase and result, on one line.
    public var description: String {
        let beforeStart = if case .timedOut = result, !hasStarted { " before it started" } else { "" }
        return "\(handler) (\(phase)) \(result)\(beforeStart)"
    }
}
