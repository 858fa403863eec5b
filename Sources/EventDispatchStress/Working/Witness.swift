import EventDispatch
import Synchronization

/// An observer that was told of a fire, or not.
final class Witness: DispatchObserver {
    private let started = Atomic(0)
    private let finished = Atomic(0)
    private let life = Life(of: .observer)

    func fireStarted(_ fire: ObservedFire) { started.add(1, ordering: .relaxed) }

    func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) { finished.add(1, ordering: .relaxed) }

    /// Whether it was told of a fire from its start to its end.
    var hasSeenAFire: Bool { started.load(ordering: .relaxed) > 0 && finished.load(ordering: .relaxed) > 0 }
}
