/// The object that a `weak:` handler ends with.
///
/// Held weakly, so that an object that comes to life at the address of a dead one is not mistaken for it.
final class HandlerOwner: Sendable {
    private weak let reference: (any AnyObject & Sendable)?

    init(_ object: any AnyObject & Sendable) { reference = object }

    /// The object, while it lives. To let go of what this returns may free it: not to be done under a lock.
    var object: (any AnyObject & Sendable)? { reference }

    var isAlive: Bool { reference != nil }
}
