import Synchronization

/// Whether events can be fired and posted.
enum ActivityStage: UInt8, AtomicRepresentable {
    case started, stopping, stopped
}
