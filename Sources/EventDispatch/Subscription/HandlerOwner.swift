import Synchronization

/// The object that a `weak:` handler ends with.
///
/// Held weakly, so that an object that comes to life at the address of a dead one is not mistaken for it.
final class HandlerOwner: Sendable {
    private weak let reference: (any AnyObject & Sendable)?
    private let ended = Atomic(false)

    init(_ object: any AnyObject & Sendable) { reference = object }

    /// The object, while it lives. To let go of what this returns may free it: not to be done under a lock.
    var object: (any AnyObject & Sendable)? { reference }

    /// Whether the object lives and its handlers were not ended.
    var isAlive: Bool { !ended.load(ordering: .acquiring) && reference != nil }

    /// Whether its handlers were ended. Does not look at the object, and so may be asked under a lock.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// Ends the handler, as if the object had died.
    func end() { ended.store(true, ordering: .releasing) }
}
