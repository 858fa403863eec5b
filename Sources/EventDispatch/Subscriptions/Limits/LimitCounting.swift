/// What a limit counts.
public enum LimitCounting: Hashable, Sendable {
    /// Every start, however it ends.
    case starts
    /// Starts that succeed. A start that fails is given back.
    case successes
}
