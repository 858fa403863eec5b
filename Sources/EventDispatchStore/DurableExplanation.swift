import EventDispatch

/// What becomes of an event in a durable subscription: what the store leaves out, and what the handlers' filters do with the rest.
///
/// ```text
/// 'billing' is sent events of
///   shop.shop.order.placed.eu
///   shop.shop.order.placed
/// This one is among them.
///
/// shop.OrderPlaced: 1 of 1 handler matches
/// …
/// ```
public struct DurableExplanation: Hashable, Sendable, CustomStringConvertible {
    /// The subscription's name.
    public let subscription: String
    /// What the store filters by, in its own words: names and routing values, or subjects of a broker.
    public let storeFilters: [String]
    /// Whether the event's name and routing values are wanted; others are left out before they are decoded.
    public let isWanted: Bool
    /// What the handlers' filters say, which are asked about what the store sends.
    public let handlers: MatchExplanation

    /// The explanation on about a page, for a reader at a terminal.
    public var description: String {
        var lines = ["'\(subscription)' is sent events of"]
        lines += storeFilters.isEmpty ? ["  no name"] : storeFilters.map { "  \($0)" }
        lines.append(isWanted ? "This one is among them." : "This one isn't among them: its handlers aren't asked.")
        return lines.joined(separator: "\n") + "\n\n\(handlers)"
    }
}

extension DurableSubscription {
    /// Explains what becomes of an event: what the store filters by, and what is left for the filters of the handlers. Nothing runs.
    ///
    /// - Parameter event: the event.
    /// - Throws: ``EventStoreError``.
    public func explain<Event: StorableEvent>(_ event: Event) async throws(EventStoreError) -> DurableExplanation {
        let blocks = await runner.blocks
        let stored = try store.stored(event, id: nil, trace: nil)
        return DurableExplanation(
            subscription: name,
            storeFilters: try await store.filters(of: name, blocks.interest).map(escapingControlCharacters),
            isWanted: blocks.interest.includes(stored),
            handlers: blocks.explain(event)
        )
    }
}

extension EventInterest {
    /// What it's in, a line for each part: a name, and the values that routing keys may have.
    package var lines: [String] {
        if isEverything { return ["all names"] }
        return parts.map { part in
            let values = part.routing.sorted { $0.key < $1.key }.map { key, values in
                "\(key): \(values.sorted().joined(separator: ", "))"
            }
            return values.isEmpty ? part.name : "\(part.name) with \(values.joined(separator: "; "))"
        }
    }
}
