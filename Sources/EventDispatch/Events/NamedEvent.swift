/// An event whose name is chosen when it is fired: for plug-ins and scripts, whose events are no types of the program.
///
/// ```swift
/// let subscription = try dispatcher.subscribe {
///     On(NamedEvent<String>.self) {
///         Where(\.name, matches: "plugin.*.loaded")
///         Handle { event in print(event.name, event.payload) }
///     }
/// }
/// try await dispatcher.fire(NamedEvent("plugin.menu.loaded", "12 entries"))
/// ```
///
/// Names are dotted. Patterns are indexed, so that a fire costs what matches. Events with different types of payload are
/// different events: a handler says which payload it takes.
public struct NamedEvent<Payload: Sendable>: MatchableEvent {
    /// The name.
    public let name: String
    /// What comes with it.
    public let payload: Payload

    /// Makes an event.
    public init(_ name: String, _ payload: Payload) {
        self.name = name
        self.payload = payload
    }

    /// What filters may use.
    public struct MatchKeys: MatchKeySet {
        /// The name.
        public let name = Key(\.name)
        /// The payload, for payloads that can be compared or are objects.
        public let payload = Key(\.payload)

        /// Makes the keys.
        public init() {}
    }
}

/// Events whose names are their own, not their types'.
package protocol EventWithOwnName: MatchableEvent {
    /// The name.
    var name: String { get }
}

extension NamedEvent: EventWithOwnName {}

extension NamedEvent<Void> {
    /// Makes an event with which nothing comes.
    public init(_ name: String) { self.init(name, ()) }
}
