import EventDispatch

/// Writes a line for every event of the host, of whatever type: also of types that are added later.
struct HostLog: EventSubscriber {
    let write: @Sendable (String) -> Void

    var handlers: [SubscriptionDeclaration] {
        OnAny(.before, named: "host.**") { event in write("[\(type(of: event).eventName)] \(event)") }
    }
}
