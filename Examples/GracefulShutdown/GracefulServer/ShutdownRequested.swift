import EventDispatch

/// The process was asked to end.
public struct ShutdownRequested: MatchableEvent {
    /// What happens, one after the other. Each waits until all handlers of the one before have an outcome.
    public enum Phases: EventPhases {
        /// New requests are refused, those in flight are awaited.
        case drain
        /// What is open is closed.
        case close
        /// What happened is told.
        case report

        /// Where handlers stand that name no phase.
        public static var main: Self { .close }
    }

    /// Makes an event.
    public init() {}
}
