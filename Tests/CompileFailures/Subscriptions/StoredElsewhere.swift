import EventDispatch

private func register(_ subscriptions: [EventSubscription], on dispatcher: EventDispatcher) throws {
    // error: cannot convert value of type '[EventSubscription]' to expected argument type 'SubscriptionBag'
    try dispatcher.on(UserCreated.self) { _ in }.store(in: subscriptions)
}
