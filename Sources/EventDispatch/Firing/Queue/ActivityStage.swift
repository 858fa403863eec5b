import Synchronization

/// Whether events can be fired and posted.
enum ActivityStage: UInt8, AtomicRepresentable {
    case notStarted, started, stopping, stopped

    /// Whether a fire may begin; while stopping, one that something running waits for.
    func admits(isAwaited: Bool) -> Bool { self == .started || self == .stopping && isAwaited }
}
