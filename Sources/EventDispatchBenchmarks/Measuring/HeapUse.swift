import CAllocationCounter
import Synchronization

/// What the process has allocated, on systems where that can be counted.
enum HeapUse {
    /// An allocation that the optimiser can't remove.
    private final class Escaped: Sendable {
        static let latest = Mutex<Escaped?>(nil)
    }

    /// How often memory was allocated since the process began; nil where that is not counted.
    static var allocations: Int? { ac_is_available() ? Int(ac_allocations()) : nil }

    /// How many bytes are allocated; nil where they are not counted.
    static var liveBytes: Int? { ac_is_available() ? Int(ac_live_bytes()) : nil }

    /// Shows that an allocation is counted, its bytes too, and that nothing is where there is none.
    static func verify() throws(BenchmarkFailure) {
        Escaped.latest.withLock { $0 = nil }
        guard let allocations, let liveBytes else { return }
        Escaped.latest.withLock { $0 = Escaped() }
        guard let allocationsAfter = Self.allocations, let liveBytesAfter = Self.liveBytes else { return }
        guard allocationsAfter == allocations + 1, liveBytesAfter > liveBytes else {
            let counted = allocationsAfter - allocations
            throw BenchmarkFailure("the counter of allocations counts \(counted) where one object is made")
        }
        Escaped.latest.withLock { $0 = nil }
        guard Self.allocations == allocationsAfter, Self.liveBytes == liveBytes else {
            throw BenchmarkFailure("the counter of allocations is wrong about an object that was freed")
        }
    }
}
