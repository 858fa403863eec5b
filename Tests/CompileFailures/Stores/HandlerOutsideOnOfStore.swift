import EventDispatch
import EventDispatchStore

private func register(in store: MemoryEventStore) async throws {
    try await store.subscribe("billing") {
        // error: cannot convert value of type 'Handle<UserCreated>' to expected argument type 'On<
        Handle { (event: UserCreated) in print(event.name) }
    }
}
