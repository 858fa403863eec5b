import EventDispatchStore

private func publish(in store: MemoryEventStore) async throws {
    // error: requires that 'CacheCleared' conform to 'StorableEvent'
    try await store.publish(CacheCleared())
}
