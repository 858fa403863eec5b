/// The observers of one fire, and what they are told of it.
struct FireObservation: Sendable {
    let fire: ObservedFire
    let observers: [any DispatchObserver]

    func tell(_ message: (any DispatchObserver, ObservedFire) -> Void) {
        for observer in observers { message(observer, fire) }
    }
}
