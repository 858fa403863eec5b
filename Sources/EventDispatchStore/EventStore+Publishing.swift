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
    ///   - ids: an ID for each; new ones by default. Publishing again with the same IDs stores them once.
    ///   - trace: the trace that they belong to, as a `traceparent` of W3C; that of the delivery that the calling task runs in by default.
    /// - Returns: the events' places in the store.
    /// - Throws: ``EventStoreError``. Whether the events are stored isn't known then.
    @discardableResult
    public func publish(
        _ events: [any StorableEvent],
        ids: [String]? = nil,
        trace: String? = nil
    ) async throws(EventStoreError) -> [Int64] {
        if let ids, ids.count != events.count {
            throw EventStoreError(.wrongIDs, "there are \(ids.count) IDs for \(events.count) events")
        }
        var appended: [StoredEvent] = []
        for (index, event) in events.enumerated() {
            appended.append(try stored(event, id: ids?[index] ?? UUID().uuidString, trace: trace))
        }
        return appended.isEmpty ? [] : try await append(appended)
    }

    /// An event as a store keeps it.
    package func stored<Event: StorableEvent>(
        _ event: Event,
        id: String,
        trace: String?
    ) throws(EventStoreError) -> StoredEvent {
        let data: Data
        do {
            data = try eventEncoder.encode(event)
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

/// Equal events are stored as equal bytes.
private let eventEncoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
}()
