/// The observers of one fire, and what they are told of it.
final class ObserverNotifier: Sendable {
    private let fire: Fire
    private let observed: ObservedFire
    private let observers: ObserverList

    /// The notifier of a fire; nil when nobody observes the dispatcher.
    static func of(_ fire: Fire) -> ObserverNotifier? {
        fire.dispatcher.observers.current.map { ObserverNotifier(of: fire, by: $0) }
    }

    private init(of fire: Fire, by observers: ObserverList) {
        self.fire = fire
        self.observers = observers
        observed = fire.observed
    }

    /// The same observers' view of the fire that goes on where this one ended.
    func proceeding(with next: Fire) -> ObserverNotifier {
        next.goOn(from: fire)
        return ObserverNotifier(of: next, by: observers)
    }

    /// Tells the observers, inside the fire: one that fires whatever it is told is found to go in a circle.
    @inline(__always)
    func tell(_ message: (any DispatchObserver, ObservedFire) -> Void) {
        if observers.onlyRecord {
            for observer in observers.all { message(observer, observed) }
        } else {
            tellInScope(message)
        }
    }

    @inline(never)
    private func tellInScope(_ message: (any DispatchObserver, ObservedFire) -> Void) {
        let scope = RunScope(besideHandlersOf: fire, isObserver: true)
        scope.callSynchronously { for observer in observers.all { message(observer, observed) } }
        scope.end()
    }
}

extension ObservedHandler {
    init(_ handler: RegisteredHandler) {
        self.init(id: handler.order.registration, label: handler.label, phase: handler.phase.name)
    }
}
