import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Login.self) {
            // error: cannot convert value of type 'KeyPath<Login.MatchKeys, MatchKey<Login, Int>>' to expected argument type 'KeyPath<Login.MatchKeys, MatchKey<Login, Bool>>'
            Where(!\.tries)
            Handle { _ in }
        }
    }
}
