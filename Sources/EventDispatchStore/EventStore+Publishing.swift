import EventDispatch
import Foundation

extension EventStore {
    /// Stores an event. When this returns, the store keeps it.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - id: the event's own ID; a new one by default. Publishing again with the same ID stores it once.
    ///   - trace: the trace that it belongs to, as a `traceparent` of W3C; that of the delivery that the calling task runs in by default.
    /// - Returns: the event's place in the store.
    /// - Throws: ``EventStoreError``. Whether the event is stored isn't known then; publish it again with the same ID.
    @discardableResult
    public func publish(
        _ event: some StorableEvent,
        id: String = UUID().uuidString,
        trace: String? = nil
    ) async throws(EventStoreError) -> Int64 {
        try await append([stored(event, id: id, trace: trace)])[0]
    }

    /// Stores events in their order, all or none.
    ///
    /// - Parameters:
    ///   - events: the events.
    ///   - trace: the trace that they belong to, as a `traceparent` of W3C; that of the delivery that the calling task runs in by default.
    /// - Returns: the events' places in the store.
    /// - Throws: ``EventStoreError``. Whether the events are stored isn't known then.
    @discardableResult
    public func publish(
        _ events: [any StorableEvent],
        trace: String? = nil
    ) async throws(EventStoreError) -> [Int64] {
        var appended: [StoredEvent] = []
        for event in events { appended.append(try stored(event, id: UUID().uuidString, trace: trace)) }
        return appended.isEmpty ? [] : try await append(appended)
    }

    private func stored<Event: StorableEvent>(
        _ event: Event,
        id: String,
        trace: String?
    ) throws(EventStoreError) -> StoredEvent {
        let data: Data
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            data = try encoder.encode(event)
        } catch {
            throw EventStoreError(.notEncodable, "\(Event.eventName) can't be encoded: \(error)")
        }
        return StoredEvent(
            id: id,
            name: Event.storedName,
            schemaVersion: Event.schemaVersion,
            source: source,
            time: clock.now,
            routing: Dictionary(Event.routingKeys.map { ($0.name, $0.text(event)) }) { first, _ in first },
            trace: trace ?? Delivery.current?.trace,
            data: data
        )
    }
}
