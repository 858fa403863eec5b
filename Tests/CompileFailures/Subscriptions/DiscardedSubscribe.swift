import EventDispatch

func register(on dispatcher: EventDispatcher) throws {
    try dispatcher.subscribe {  // warning: result of call to 'subscribe' is unused
        On(UserCreated.self) { Handle { _ in } }
    }
}
