import EventDispatch
import EventDispatchStore

private struct Shipped: StorableEvent {
    static let storedName = "shipped"
    let weight: Int

    struct MatchKeys: MatchKeySet { let weight = Key(\.weight) }
}

private func register(in store: MemoryEventStore) async throws {
    try await store.subscribe("billing") {
        On(Shipped.self) {
            // error: operator function '>' requires that 'UndeclaredMatchKey<Shipped>' conform to 'DeclaredInMatchKeys'
            Where(\.weigth > 3)
            Handle { _ in }
        }
    }
}
