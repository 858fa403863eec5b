import EventDispatch

struct Plugin {
    @SubscriptionBuilder var handlers: [SubscriptionDeclaration] { On(UserCreated.self) { Handle { _ in } } }
}
