import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.role == .admin)
            Where(\.logins > 0)
            Where(\.logins <= 90)
            Where(\.name != "root")
            Where(\.nickname == "su")
            Where(\.name >= "a")
            Where(\.logins == "three")  // error: cannot convert value of type 'String' to expected argument type 'Int'
            Where(\.logins != 5)
            Where(\.role != .user)
            Where(\.name < "z")
            Handle { _ in }
        }
    }
}
