import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: cannot convert value of type 'PhaseOptions' to expected argument type 'StandardPhases'
            Phase(PhaseOptions.reversed) { Handle { _ in } }
        }
    }
}
