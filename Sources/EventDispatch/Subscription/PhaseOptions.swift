/// How the handlers of a `Phase` block run beside the others of the phase.
public struct PhaseOptions: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: Int

    /// Makes options from bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Each handler of the block waits until every handler that started before it in this phase has ended.
    public static let serial = PhaseOptions(rawValue: 1)
}
