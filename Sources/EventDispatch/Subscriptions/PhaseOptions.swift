/// How the handlers of a `Phase` block run beside the others of the phase.
public struct PhaseOptions: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Makes options from bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Each handler of the block waits until every handler that started before it in this phase has ended.
    public static let serial = PhaseOptions(rawValue: 1)

    /// When a handler of the block fails, the rest of the phase is given up: handlers that run are cancelled and awaited,
    /// those that have not started are skipped. Later phases run, unless the phase is a gate.
    public static let failFast = PhaseOptions(rawValue: 2)
}
