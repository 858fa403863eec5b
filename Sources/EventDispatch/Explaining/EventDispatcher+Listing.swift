extension EventDispatcher: CustomStringConvertible {
    /// A table of who listens to what: events by their names, their phases in order, and in each the handlers in the order in which they
    /// start, with priorities, filters and the starts that limits leave. Handlers of any event stand after those of one type.
    ///
    /// ```text
    /// EventDispatcher 'shop': 3 handlers
    /// Shop.OrderPlaced
    ///   before
    ///     'check' at Shop/Orders.swift:12, where \.total > 100
    ///   during
    ///     'book' at Shop/Orders.swift:20, priority 5
    ///     'thank' at Shop/Orders.swift:30, 1 start left
    /// ```
    ///
    /// Names are escaped and filters cut as in ``HandlerDescription``. For code, ``handlers`` has the same as values.
    public var description: String {
        let listing = registry.listing
        let name = name.isEmpty ? "" : " '\(escapingControlCharacters(name))'"
        var lines = ["EventDispatcher\(name): \(counted(listing.count, "handler"))"]
        var groups: [EventListing] = []
        var places: [EventListing.Key: Int] = [:]
        for (handler, selection) in listing {
            let key = EventListing.Key(handler, selection)
            if let place = places[key] {
                groups[place].handlers.append(handler)
            } else {
                places[key] = groups.count
                groups.append(EventListing(key: key, handlers: [handler]))
            }
        }
        for group in groups.sorted(by: { $0.key < $1.key }) { group.write(to: &lines) }
        return lines.joined(separator: "\n")
    }
}

/// The handlers of one type of event, or of one selection of types.
private struct EventListing {
    /// What the handlers are for. Types of the same name are apart.
    struct Key: Hashable, Comparable {
        private let isOfAnyEvent: Bool
        let name: String
        private let type: ObjectIdentifier

        init(_ handler: RegisteredHandler, _ selection: EventSelection?) {
            isOfAnyEvent = selection != nil
            name = selection?.description ?? handler.event.eventName
            type = ObjectIdentifier(handler.event)
        }

        static func < (left: Self, right: Self) -> Bool {
            if left.isOfAnyEvent != right.isOfAnyEvent { return right.isOfAnyEvent }
            return left.name == right.name ? left.type < right.type : left.name < right.name
        }
    }

    let key: Key
    var handlers: [RegisteredHandler]

    func write(to lines: inout [String]) {
        lines.append(escapingControlCharacters(key.name))
        var phase: Int?
        for handler in handlers.sorted(by: { $0.order < $1.order }) {
            if handler.order.phaseIndex != phase {
                phase = handler.order.phaseIndex
                lines.append("  \(escapingControlCharacters(handler.phase.name))")
            }
            let filter = handler.filter?.printed(atMost: PrintedLength.filter)
            let muted = handler.subscription.isMuted ? ", muted" : ""
            lines.append("    \(MatchedHandler(handler, filter: filter).listed)\(muted)")
        }
    }
}
