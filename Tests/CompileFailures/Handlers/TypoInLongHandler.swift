import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Handle("sum") { event in
                let words = event.name.split(separator: " ")
                for word in words {
                    print(word.cout)  // error: has no member 'cout'
                }
            }
        }
    }
}
