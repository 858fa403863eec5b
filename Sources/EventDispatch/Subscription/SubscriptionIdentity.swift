/// The ID of a subscription, and where it was given: apart, because most subscriptions have none.
final class SubscriptionIdentity: Sendable {
    let id: String
    let location: CallSite

    init(_ id: String, at location: CallSite) {
        self.id = id
        self.location = location
    }
}
