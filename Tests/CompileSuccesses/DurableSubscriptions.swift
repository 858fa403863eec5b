import EventDispatch
import EventDispatchStore

struct ParcelSent: StorableEvent {
    static let storedName = "post.parcel.sent"
    let id: Int
    let region: Region

    enum Region: String, Codable, RoutingValue { case eu, us }

    struct MatchKeys: MatchKeySet {
        let id = Key(\.id)
        let region = Key(\.region)
    }

    static let routingKeys: [RoutingKey<Self>] = [.init(\.region), .init(\.id)]
}

private func subscribe(to store: any EventStore, isTracking: Bool) async throws -> DurableSubscription {
    try await store.subscribe("post", from: .beginning, order: .inOrder(per: \ParcelSent.id), retry: 3) {
        On(ParcelSent.self) {
            Where(\.region == .eu)
            Handle("label") { parcel in print(parcel.id, Delivery.current?.attempt ?? 0) }
        }
        if isTracking {
            On(ParcelSent.self) { Handle { _ in } }
        }
        for region in [ParcelSent.Region.eu, .us] {
            On(ParcelSent.self, where: \.region == region) { Handle { _ in } }
        }
    }
}

@DurableSubscriptionBuilder private var labels: [DurableDeclaration] {
    On(ParcelSent.self) { Handle("label") { parcel in print(parcel.id) } }
}

private func subscribeElsewhere(to store: MemoryEventStore) async throws {
    try await store.subscribe("labels") { return labels }
}

private func publish(to store: MemoryEventStore) async throws {
    let sequence = try await store.publish(ParcelSent(id: 1, region: .eu), id: "1")
    try await store.publish([ParcelSent(id: 2, region: .us)])
    print(sequence)
}
