import CEventDispatch
import Synchronization

/// A lock that tells a thread that comes back to it that it is inside already, instead of locking twice.
///
/// For sections that call users' `==` and `hash`, which may do anything.
struct ReentryLock: ~Copyable {
    private let lock = Locked<Void>(())
    /// The thread inside, by the address of a variable of its own.
    private let holder = Atomic<UInt>(0)

    /// Whether the calling thread is inside.
    var isInside: Bool { holder.load(ordering: .relaxed) == UInt(bitPattern: ed_thread_identity()) }

    /// Calls a closure under the lock; nil for a thread that is inside already.
    func withLock<Result: ~Copyable>(_ body: () -> Result) -> Result? {
        guard !isInside else { return nil }
        return lock.withLock { _ in
            holder.store(UInt(bitPattern: ed_thread_identity()), ordering: .relaxed)
            defer { holder.store(0, ordering: .relaxed) }
            return body()
        }
    }

    /// Calls a closure under the lock; nil when a thread, this or another, is inside.
    func withLockIfAvailable<Result>(_ body: () -> Result) -> Result? {
        guard !isInside else { return nil }
        return lock.withLockIfAvailable { _ in
            holder.store(UInt(bitPattern: ed_thread_identity()), ordering: .relaxed)
            defer { holder.store(0, ordering: .relaxed) }
            return body()
        }
    }
}
