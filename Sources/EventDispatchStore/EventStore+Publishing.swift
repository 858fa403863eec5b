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
        id: String? = nil,
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
            appended.append(try stored(event, id: ids?[index], trace: trace))
        }
        return appended.isEmpty ? [] : try await append(appended)
    }

    /// An event as a store keeps it.
    package func stored<Event: StorableEvent>(
        _ event: Event,
        id: String?,
        trace: String?
    ) throws(EventStoreError) -> StoredEvent {
        let (data, now): (Data, StoreTime)
        do {
            (data, now) = (try eventEncoder.encode(event), clock.now)
        } catch {
            throw EventStoreError(.notEncodable, "\(Event.eventName) can't be encoded: \(error)")
        }
        return StoredEvent(
            id: id ?? timeOrderedID(at: now),
            name: Event.storedName,
            schemaVersion: Event.schemaVersion,
            source: source,
            time: now,
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

/// A new UUID of version 7 (RFC 9562). It begins with the time, so that later events have later IDs, and stand side by side in an index of
/// a store: random IDs in a large index cost a page of their own each, which was 30 µs an event instead of 8.
private func timeOrderedID(at time: StoreTime) -> String {
    // 48 bits of milliseconds, the version, 12 bits of a fraction of one; the variant, 62 random bits.
    let fractions = UInt64(truncatingIfNeeded: Int64((time.sinceEpoch * 4_096) / .milliseconds(1)))
    let high = (fractions >> 12) << 16 | 0x7000 | fractions & 0xFFF
    let low = 0b10 << 62 | (UInt64.random(in: 0...UInt64.max) >> 2)
    return String(unsafeUninitializedCapacity: 36) { text in
        var next = 0
        for nibble in 0..<32 {
            if [8, 12, 16, 20].contains(nibble) {
                text[next] = UInt8(ascii: "-")
                next += 1
            }
            let digit = UInt8((nibble < 16 ? high >> (60 - 4 * nibble) : low >> (124 - 4 * nibble)) & 0xF)
            text[next] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            next += 1
        }
        return 36
    }
}
