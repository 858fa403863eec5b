/// How much a ``DispatchReport`` says.
public enum ReportDetail: Hashable, Sendable {
    /// Counts, replies, and an outcome for each handler that did not succeed.
    case failures
    /// An outcome for every matched handler, and durations. Reading the clock costs more than a small handler.
    case all
}
