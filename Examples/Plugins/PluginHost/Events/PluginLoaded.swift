import EventDispatch

/// A plug-in's handlers are registered.
public struct PluginLoaded: MatchableEvent, CustomStringConvertible {
    /// The name that patterns are matched with.
    public static var eventName: String { "host.plugin.loaded" }

    /// The plug-in's name.
    public let name: String

    /// Makes an event.
    public init(_ name: String) { self.name = name }

    /// The plug-in's name, for logs.
    public var description: String { name }
}
