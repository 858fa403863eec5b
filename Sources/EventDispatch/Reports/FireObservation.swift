/// The observers of one fire, and what they are told of it.
final class FireObservation: Sendable {
    private let fire: Fire
    private let observed: ObservedFire
    private let observers: [any DispatchObserver]

    /// The observation of a fire; nil when nobody observes the dispatcher.
    static func of(_ fire: Fire) -> FireObservation? {
        fire.dispatcher.observers.current.map { FireObservation(of: fire, by: $0) }
    }

    private init(of fire: Fire, by observers: [any DispatchObserver]) {
        self.fire = fire
        self.observers = observers
        observed = ObservedFire(event: fire.event.event, dispatcherName: fire.dispatcher.name, path: fire.path)
    }

    /// The same observers' view of the fire that goes on where this one ended.
    func goingOn(with next: Fire) -> FireObservation { FireObservation(of: next, by: observers) }

    /// Tells the observers, inside the fire: one that fires whatever it is told is found to go in a circle.
    func tell(_ message: (any DispatchObserver, ObservedFire) -> Void) {
        let scope = HandlerScope(besideHandlersOf: fire, isObserver: true)
        scope.callSynchronously { for observer in observers { message(observer, observed) } }
        scope.end()
    }
}
