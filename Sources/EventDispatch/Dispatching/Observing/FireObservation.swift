/// The observers of one fire, and what they are told of it.
final class FireObservation: Sendable {
    let fire: ObservedFire
    let observers: [any DispatchObserver]

    /// The observation of a fire; nil when nobody observes the dispatcher.
    static func of(_ fire: Fire) -> FireObservation? {
        fire.dispatcher.observers.current.map { FireObservation(of: fire, by: $0) }
    }

    private init(of fire: Fire, by observers: [any DispatchObserver]) {
        self.observers = observers
        self.fire = ObservedFire(event: fire.event.event, dispatcherName: fire.dispatcher.name, path: fire.path)
    }

    /// The same observers' view of the fire that goes on where this one ended.
    func goingOn(with next: Fire) -> FireObservation { FireObservation(of: next, by: observers) }

    func tell(_ message: (any DispatchObserver, ObservedFire) -> Void) {
        for observer in observers { message(observer, fire) }
    }
}
