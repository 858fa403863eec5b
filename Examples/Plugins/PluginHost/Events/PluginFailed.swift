import EventDispatch

/// A handler of a plug-in threw. The others ran.
public struct PluginFailed: MatchableEvent, CustomStringConvertible {
    /// The name that patterns are matched with.
    public static var eventName: String { "host.plugin.failed" }

    /// The handler's name.
    public let handler: String
    /// What it threw.
    public let reason: String

    /// Makes an event.
    public init(handler: String, reason: String) {
        self.handler = handler
        self.reason = reason
    }

    /// Who failed and why, for logs.
    public var description: String { "\(handler): \(reason)" }
}
