import EventDispatch

/// What the host loads: the blocks in `handlers` are all that it knows of a plug-in.
public protocol Plugin: EventSubscriber, Sendable {
    /// The name under which it is loaded. Loading another under the same name replaces it.
    var name: String { get }
}
