import EventDispatch

/// A command was asked for that no plug-in publishes.
public struct CommandUnknown: MatchableEvent, CustomStringConvertible {
    /// The name that patterns are matched with.
    public static var eventName: String { "host.command.unknown" }

    /// The command's name.
    public let name: String

    /// Makes an event.
    public init(_ name: String) { self.name = name }

    /// The command's name, for logs.
    public var description: String { name }
}
