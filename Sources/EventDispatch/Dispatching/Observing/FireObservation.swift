/// The observers of one fire, and what they are told of it.
final class FireObservation: Sendable {
    let fire: ObservedFire
    let observers: [any DispatchObserver]

    /// Nil when nobody observes the dispatcher.
    init?(of fire: Fire) {
        guard let observers = fire.dispatcher.observers.current else { return nil }
        self.observers = observers
        self.fire = ObservedFire(event: fire.event.event, dispatcherName: fire.dispatcher.name, path: fire.path)
    }

    func tell(_ message: (any DispatchObserver, ObservedFire) -> Void) {
        for observer in observers { message(observer, fire) }
    }
}
