import CEventDispatch
import Synchronization

/// A value under a mutex that the thread sanitizer knows of.
///
/// On Linux the sanitizer sees nothing of `Mutex`, which is compiled without it, and reports what that guards. So every locked
/// section begins and ends with a note. As the mutex lets one thread in at a time, the end of a section does happen before the
/// beginning of the next; what stands outside the sections is ordered by nothing here.
package struct Locked<Value: ~Copyable>: ~Copyable, Sendable {
    private let mutex: Mutex<Value>

    package init(_ value: consuming sending Value) { mutex = Mutex(value) }

    /// Calls a closure with the value, under the lock.
    @inline(__always)
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try mutex.withLock { value throws(Failure) -> sending Result in
            ed_acquired(address)
            defer { ed_released(address) }
            return try body(&value)
        }
    }

    /// Calls a closure with the value, under the lock; nil when a thread is inside.
    @inline(__always)
    package borrowing func withLockIfAvailable<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result? {
        try mutex.withLockIfAvailable { value throws(Failure) -> sending Result in
            ed_acquired(address)
            defer { ed_released(address) }
            return try body(&value)
        }
    }

    /// Where the mutex lies, which is where it stays.
    @inline(__always)
    private var address: UnsafeRawPointer { withUnsafePointer(to: self) { UnsafeRawPointer($0) } }
}

/// A lock that tells a thread that comes back to it that it is inside already, instead of locking twice.
///
/// For sections that call users' `==` and `hash`, which may do anything.
struct ReentryLock: ~Copyable {
    private let lock = Locked<Void>(())
    /// The thread inside, by the address of a variable of its own.
    private let holder = Atomic<UInt>(0)

    /// Whether the calling thread is inside.
    private var isInside: Bool { holder.load(ordering: .relaxed) == UInt(bitPattern: ed_thread_identity()) }

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
