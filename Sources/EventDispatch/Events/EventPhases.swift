/// The ordered phases of an event, as an enumeration whose cases stand in the order in which they run.
///
/// A phase is a barrier: every handler of one phase has an outcome before any of the next starts.
///
/// ```swift
/// enum Phases: EventPhases {
///     case drain, close, report
///     static var main: Self { .close }
/// }
/// ```
public protocol EventPhases: CaseIterable, Hashable, Sendable {
    /// The phase of a handler that stands outside any `Phase` block.
    static var main: Self { get }

    /// Whether a failure of one of the phase's handlers keeps later phases from running: their handlers are then skipped,
    /// and reported so. False unless the type says otherwise.
    var isGate: Bool { get }
}

extension EventPhases {
    /// No gate.
    public var isGate: Bool { false }
}
