#if canImport(ObjectiveC)
    import ObjectiveC
    import Synchronization
#else
    import CEventDispatch
#endif

/// Tells whether an object lives, without holding it for a moment.
///
/// To load a weak reference retains the object. Where the last other reference goes meanwhile, letting go of it frees the object, on
/// the thread that only asked; a panel of the main actor would be freed off the main thread.
package final class ObjectLife: Sendable {
    /// Which object it is. A living object has the same identity only if it is the same.
    package let identity: ObjectIdentifier

    #if canImport(ObjectiveC)
        /// A token that the object carries and takes with it: objects of Objective-C have no count that tells.
        private let ending: Ending

        package init(of object: any AnyObject & Sendable) {
            identity = ObjectIdentifier(object)
            ending = Ending.of(object)
        }

        /// Whether the object is gone.
        package var isOver: Bool { ending.isReached }
    #else
        private let memory: ObjectMemory

        package init(of object: any AnyObject & Sendable) {
            identity = ObjectIdentifier(object)
            memory = ObjectMemory(of: object)
        }

        /// Whether the object is gone, or going.
        package var isOver: Bool { ed_is_ending(memory.address) }
    #endif
}

#if canImport(ObjectiveC)
    /// The end of an object, which its last associated object notes. One for each object that somebody watches.
    private final class Ending: Sendable {
        private let reached = Atomic(false)

        var isReached: Bool { reached.load(ordering: .acquiring) }

        private final class Token: Sendable {
            let ending = Ending()

            deinit { ending.reached.store(true, ordering: .releasing) }
        }

        private static let lock = Locked<Void>(())

        static func of(_ object: any AnyObject & Sendable) -> Ending {
            let key = UnsafeRawPointer(Unmanaged.passUnretained(Token.self as AnyObject).toOpaque())
            return lock.withLock { _ in
                if let token = objc_getAssociatedObject(object, key) as? Token { return token.ending }
                let token = Token()
                objc_setAssociatedObject(object, key, token, .OBJC_ASSOCIATION_RETAIN)
                return token.ending
            }
        }
    }
#endif

#if canImport(ObjectiveC)
    /// A weak reference that a closure can capture as a constant.
    @usableFromInline
    struct WeakReference<Object: AnyObject & Sendable>: Sendable {
        @usableFromInline weak let object: Object?

        @usableFromInline
        init(_ object: Object) { self.object = object }
    }
#else
    /// A weak reference that a closure can capture as a constant.
    ///
    /// The language's own moves the object's counts to a place where even to read them is a locked write: to ask whether sixteen owners
    /// live would take each fire 110 ns, and two threads would wait for each other.
    @usableFromInline
    struct WeakReference<Object: AnyObject & Sendable>: Sendable {
        private let memory: ObjectMemory

        @usableFromInline
        init(_ object: Object) { memory = ObjectMemory(of: object) }

        /// The object; nil once it is gone, or going.
        @usableFromInline
        var object: Object? {
            ed_retain_unless_ending(memory.address).map { Unmanaged<Object>.fromOpaque($0).takeRetainedValue() }
        }
    }

    /// The memory of an object, which it keeps, and not the object: its reference counts stay readable, and no other object gets its
    /// address.
    private struct ObjectMemory: @unchecked Sendable {
        // Sound: constants; the unowned reference is never loaded.

        let address: UnsafeRawPointer
        private unowned let object: any AnyObject & Sendable

        init(of object: any AnyObject & Sendable) {
            address = UnsafeRawPointer(Unmanaged.passUnretained(object as AnyObject).toOpaque())
            self.object = object
        }
    }
#endif
