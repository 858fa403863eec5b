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
