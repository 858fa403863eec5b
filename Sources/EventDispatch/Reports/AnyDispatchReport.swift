/// The part of a ``DispatchReport`` that does not depend on the event's type.
public protocol AnyDispatchReport: Sendable, CustomStringConvertible {
    /// The event's name.
    var eventName: String { get }
    /// How many handlers the event matched.
    var matched: Int { get }
    /// How many of them returned without throwing.
    var succeeded: Int { get }
    /// What became of the handlers that did not succeed, in dispatch order; of all, with `detail: .all`.
    var outcomes: [HandlerOutcome] { get }
    /// How long the fire took; nil unless it was asked for `detail: .all`.
    var duration: Duration? { get }
}

extension AnyDispatchReport {
    /// Whether the event matched no handler.
    public var isUnhandled: Bool { matched == 0 }

    /// A line of counts, then a line for each outcome.
    public var description: String {
        let counts = "\(escapingControlCharacters(eventName)): \(matched) matched, \(succeeded) succeeded"
        return ([counts] + outcomes.map { "  \($0)" }).joined(separator: "\n")
    }
}
