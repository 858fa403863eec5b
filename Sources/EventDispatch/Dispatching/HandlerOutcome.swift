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

    /// The error, when it failed.
    public var error: (any Error)? {
        if case .failed(let error) = result { error } else { nil }
    }

    /// Handler, phase and result, on one line.
    public var description: String { "\(handler) (\(phase)) \(result)" }
}
