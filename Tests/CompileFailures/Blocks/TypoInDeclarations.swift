import EventDispatch

@SubscriptionBuilder
private func handlers() -> [SubscriptionDeclaration] {
    On(UserCreated.self) {
        Handle { event in print(event.nam) }  // error: value of type 'UserCreated' has no member 'nam'
    }
}
