/// What `observe` returns: the way to end the observation. Letting go of it ends nothing.
public struct DispatchObservation: Sendable {
    private weak let observers: ObserverList?
    private let id: Int

    init(of observers: ObserverList, id: Int) {
        self.observers = observers
        self.id = id
    }

    /// Ends the observation. Fires under way may still be reported.
    public func cancel() { observers?.remove(id) }
}
