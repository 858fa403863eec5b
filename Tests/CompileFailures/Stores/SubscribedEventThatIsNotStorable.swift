import EventDispatch
import EventDispatchStore

private func register(in store: MemoryEventStore) async throws {
    try await store.subscribe("billing") {
        // error: static method 'buildExpression' requires that 'OrderPlaced' conform to 'StorableEvent'
        On(OrderPlaced.self) { Handle { _ in } }
    }
}
