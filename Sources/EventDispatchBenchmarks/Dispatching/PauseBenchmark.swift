import EventDispatch
import Foundation

/// The longest that one registration of many took, each for another value of one key: while tables grow, it has to wait for that.
///
/// It's measured in the processor time of the thread, so that other programs don't count. The row's time is that of the longest, its floor
/// the median.
struct PauseBenchmark {
    let subscriptions: Int
    let options: BenchmarkOptions

    func measure() throws -> BenchmarkRow {
        let calls = CallCounter()
        defer { calls.free() }
        let users = (0..<subscriptions).map { RecordText.user($0) }
        let dispatcher = EventDispatcher()
        var times: [Double] = []
        times.reserveCapacity(subscriptions)
        for user in users {
            let start = Self.processorTime
            _ = try dispatcher.subscribe(.user(user), counting: calls)
            times.append(Double(Self.processorTime - start))
        }
        let longest = times.enumerated().sorted { $0.element > $1.element }.prefix(5)
        for (number, nanoseconds) in longest {
            Console.note("registration \(number + 1) took \((nanoseconds / 1e6).fixed(decimals: 2)) ms")
        }
        var row = BenchmarkRow(Workload.pauses.rawValue, subscriptions: subscriptions)
        row.nanosecondsPerEvent = longest.first?.element
        row.floorNanoseconds = Quartiles(times).median
        return row
    }

    /// How long the thread has run, in nanoseconds.
    private static var processorTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
