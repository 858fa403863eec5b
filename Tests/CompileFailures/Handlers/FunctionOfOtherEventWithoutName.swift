import EventDispatch

func bill(_ event: OrderPlaced) {}

func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Handle(bill)  // error: cannot convert value of type '@Sendable (OrderPlaced) -> ()'
        }
    }
}
