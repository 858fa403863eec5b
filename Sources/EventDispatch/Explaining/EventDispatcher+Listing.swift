// Who listens to what: one list, from which the table, the diagram and the page of a trace are made.

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
    /// Names are escaped and filters cut as in ``HandlerDescription``. For code, ``handlers`` has the same as values, and
    /// ``diagram(_:)`` draws it.
    public var description: String {
        let listings = registry.eventListings
        let name = name.isEmpty ? "" : " '\(escapingControlCharacters(name))'"
        let count = listings.reduce(0) { $0 + $1.handlerCount }
        var lines = ["EventDispatcher\(name): \(counted(count, "handler"))"]
        for listing in listings {
            lines.append(escapingControlCharacters(listing.event))
            for phase in listing.phases {
                lines.append("  \(escapingControlCharacters(phase.name))")
                lines += phase.handlers.map { "    \($0.handler.listed)\($0.isMuted ? ", muted" : "")" }
            }
        }
        return lines.joined(separator: "\n")
    }

    /// What tells who listens to what, as long as the dispatcher is there.
    ///
    /// For those who mustn't hold the dispatcher: a weak reference to it would make every fire count references more slowly.
    package var listeners: DispatcherListeners {
        companion { [name, registry] in DispatcherListeners(dispatcherName: name, registry) }
    }
}

/// Tells who listens to what. Its dispatcher holds it.
package final class DispatcherListeners: Sendable {
    /// The name of the dispatcher.
    package let dispatcherName: String
    private let registry: HandlerRegistry

    fileprivate init(dispatcherName: String, _ registry: HandlerRegistry) {
        self.dispatcherName = dispatcherName
        self.registry = registry
    }

    /// Who listens to what, in the order of the table.
    package var events: [EventListing] { registry.eventListings }
}

extension HandlerRegistry {
    /// Who listens to what, in the order of the table.
    var eventListings: [EventListing] {
        var groups: [(key: EventListing.Key, handlers: [RegisteredHandler])] = []
        var places: [EventListing.Key: Int] = [:]
        for (handler, selection) in listing {
            let key = EventListing.Key(handler, selection)
            if let place = places[key] {
                groups[place].handlers.append(handler)
            } else {
                places[key] = groups.count
                groups.append((key, [handler]))
            }
        }
        return groups.sorted { $0.key < $1.key }.map { EventListing($0.key, $0.handlers) }
    }
}

/// The handlers of one type of event, or of one selection of types.
package struct EventListing: Sendable {
    /// The handlers of a phase, in the order in which they start.
    package struct Phase: Sendable {
        /// The phase's name.
        package let name: String
        /// Its handlers, and whether their subscriptions are muted.
        package fileprivate(set) var handlers: [(handler: MatchedHandler, isMuted: Bool)] = []
    }

    /// The event's name, or which events.
    package let event: String
    /// Whether the handlers are for events of any type.
    package let isOfAnyEvent: Bool
    /// The phases that have handlers, in their order.
    package private(set) var phases: [Phase] = []

    /// How many handlers there are.
    package var handlerCount: Int { phases.reduce(0) { $0 + $1.handlers.count } }

    /// What the handlers are for. Types of the same name are apart.
    fileprivate struct Key: Hashable, Comparable {
        let isOfAnyEvent: Bool
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

    fileprivate init(_ key: Key, _ handlers: [RegisteredHandler]) {
        event = key.name
        isOfAnyEvent = key.isOfAnyEvent
        var phase: Int?
        for handler in handlers.sorted(by: { $0.order < $1.order }) {
            if handler.order.phaseIndex != phase {
                phase = handler.order.phaseIndex
                phases.append(Phase(name: handler.phase.name))
            }
            let filter = handler.filter?.printed(atMost: PrintedLength.filter)
            let matched = MatchedHandler(handler, filter: filter)
            phases[phases.count - 1].handlers.append((matched, handler.subscription.isMuted))
        }
    }
}
