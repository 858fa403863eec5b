/// A fire, as a ``DispatchObserver`` sees it.
public struct ObservedFire: Sendable {
    /// The event that is fired.
    public let event: any MatchableEvent
    /// The name of the dispatcher.
    public let dispatcherName: String
    /// The names of the events that are being fired inside each other, from the outermost to this one.
    public let path: [String]

    /// The event's name.
    public var eventName: String { type(of: event).eventName }
}
