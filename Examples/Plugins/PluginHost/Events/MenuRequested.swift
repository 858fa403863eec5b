import EventDispatch

/// A menu is about to open: each plug-in replies with the entries that it has for it.
public struct MenuRequested: MatchableEvent, CustomStringConvertible {
    /// A plug-in may have several entries.
    public typealias Reply = [MenuEntry]

    /// The name that patterns are matched with.
    public static var eventName: String { "host.menu.requested" }

    /// The menu.
    public let menu: Menu

    /// Makes an event.
    public init(_ menu: Menu) { self.menu = menu }

    /// What plug-ins can match.
    public struct MatchKeys: MatchKeySet {
        /// The menu.
        public let menu = Key(\.menu)

        /// Makes the keys.
        public init() {}
    }

    /// The menu, for logs.
    public var description: String { menu.rawValue }
}
