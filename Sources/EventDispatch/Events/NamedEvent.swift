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
    /// The value that comes with it.
    public let payload: Payload

    /// Makes an event.
    public init(_ name: String, _ payload: Payload) {
        self.name = name
        self.payload = payload
    }

    /// The keys that filters may use.
    public struct MatchKeys: MatchKeySet {
        /// The name.
        public let name = Key(\.name)
        /// The payload, for payloads that can be compared or are objects.
        public let payload = Key(\.payload)

        /// Makes the keys.
        public init() {}
    }
}

/// An event whose name is chosen when it is fired, and whose handlers reply.
///
/// ```swift
/// let subscription = try dispatcher.subscribe {
///     On(NamedRequest<String, Int>.self) {
///         Where(\.name, matches: "plugin.*.count")
///         Handle { request in request.payload.count }
///     }
/// }
/// let counts = try await dispatcher.fire(NamedRequest<String, Int>("plugin.words.count", "some text")).replies
/// ```
///
/// It is otherwise as ``NamedEvent``. Requests with different types of payload or of reply are different events.
public struct NamedRequest<Payload: Sendable, Reply: Sendable>: MatchableEvent {
    /// The name.
    public let name: String
    /// The value that comes with it.
    public let payload: Payload

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - name: the name, mostly a dotted one.
    ///   - payload: the value that comes with it.
    ///   - reply: what each handler returns; not needed where the type says it.
    public init(_ name: String, _ payload: Payload, reply: Reply.Type = Reply.self) {
        self.name = name
        self.payload = payload
    }

    /// The keys that filters may use.
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
extension NamedRequest: EventWithOwnName {}

extension NamedEvent<Void> {
    /// Makes an event with which nothing comes.
    public init(_ name: String) { self.init(name, ()) }
}

/// `Module.Type`, with enclosing types and generic arguments: the name that the type's user would write.
///
/// The language's own qualified name of a private or local type has its context's address in it, which differs from run
/// to run: `Module.(unknown context at $55e0c8).Type`. That of a type in an extension of another module's type begins with
/// where the extension stands: `(extension in Client):Module.Type.Nested`. Both are left out.
func qualifiedName(of type: Any.Type) -> String {
    let name = leavingOut("(unknown context at $", upTo: ").", of: String(reflecting: type))
    return leavingOut("(extension in ", upTo: "):", of: name)
}

private func leavingOut(_ start: String, upTo end: String, of text: String) -> String {
    var rest = text[...]
    var result = ""
    while let found = rest.firstRange(of: start), let foundEnd = rest[found.upperBound...].firstRange(of: end) {
        result += rest[..<found.lowerBound]
        rest = rest[foundEnd.upperBound...]
    }
    return result + rest
}

extension NamedRequest where Payload == Void {
    /// Makes a request with which nothing comes.
    ///
    /// - Parameters:
    ///   - name: the name, mostly a dotted one.
    ///   - reply: what each handler returns; not needed where the type says it.
    public init(_ name: String, reply: Reply.Type = Reply.self) { self.init(name, (), reply: reply) }
}
