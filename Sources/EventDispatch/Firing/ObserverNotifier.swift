/// The observers of one fire, and what they are told of it.
final class ObserverNotifier: Sendable {
    private let fire: Fire
    private let observed: ObservedFire
    private let observers: [any DispatchObserver]

    /// The notifier of a fire; nil when nobody observes the dispatcher.
    static func of(_ fire: Fire) -> ObserverNotifier? {
        fire.dispatcher.observers.current.map { ObserverNotifier(of: fire, by: $0) }
    }

    private init(of fire: Fire, by observers: [any DispatchObserver]) {
        self.fire = fire
        self.observers = observers
        observed = ObservedFire(event: fire.event.event, dispatcherName: fire.dispatcher.name, path: fire.path)
    }

    /// The same observers' view of the fire that goes on where this one ended.
    func proceeding(with next: Fire) -> ObserverNotifier { ObserverNotifier(of: next, by: observers) }

    /// Tells the observers, inside the fire: one that fires whatever it is told is found to go in a circle.
    func tell(_ message: (any DispatchObserver, ObservedFire) -> Void) {
        let scope = RunScope(besideHandlersOf: fire, isObserver: true)
        scope.callSynchronously { for observer in observers { message(observer, observed) } }
        scope.end()
    }
}
