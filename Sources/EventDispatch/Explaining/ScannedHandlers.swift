/// Handlers that every event is tried on, because nothing of their filters can be indexed: closures, negations, `contains` of a text.
public struct ScannedHandlers: Hashable, Sendable {
    /// One of the handlers.
    public struct Example: Hashable, Sendable, CustomStringConvertible {
        /// The handler's name and where it was declared.
        public let handler: HandlerLabel
        /// Its filter as Swift source.
        public let filter: String

        /// The handler and its filter, on one line.
        public var description: String { "\(handler) where \(filter)" }
    }

    /// How many there are.
    public let count: Int
    /// The first five, in the order of their registration.
    public let examples: [Example]
}
