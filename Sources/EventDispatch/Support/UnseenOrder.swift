import CEventDispatch

/// An order of two threads that the thread sanitizer does not see, because what makes it is compiled without it, as Foundation is.
///
/// To be noted where the order is real: a note makes none.
package enum UnseenOrder {
    /// Notes that what the thread has done so far happens before what follows the next `takeOver` of an object.
    package static func handOver(_ object: AnyObject) { ed_released(address(of: object)) }

    /// Notes that what was done before the last `handOver` of an object has happened. Touches none of its memory.
    package static func takeOver(_ object: AnyObject) { ed_acquired(address(of: object)) }

    private static func address(of object: AnyObject) -> UnsafeRawPointer {
        UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
    }
}
