import EventDispatch
import Foundation

/// The times of the library and of the bare calls, in microseconds an event, measured in turns.
struct BenchmarkComparison {
    /// The times of one side.
    struct Side {
        private var times: [Double] = []

        var median: Double { times.sorted()[times.count / 2] }
        var text: String { String(format: "%.1f µs (%.1f to %.1f)", median, times.min() ?? 0, times.max() ?? 0) }

        mutating func add(_ time: Duration, _ events: Int) { times.append(time / .microseconds(1) / Double(events)) }
    }

    private(set) var subject = Side()
    private(set) var floor = Side()

    /// Measures rounds of both sides, and takes the whole time of each.
    init(
        _ events: Int,
        rounds: Int,
        subject: (Int) async throws -> Void,
        floor: (Int) async throws -> Void
    ) async throws {
        func timed(_ body: () async throws -> Void) async throws -> Duration {
            let start = ContinuousClock.now
            try await body()
            return .now - start
        }
        for round in 0..<rounds {
            self.floor.add(try await timed { try await floor(round) }, events)
            self.subject.add(try await timed { try await subject(round) }, events)
        }
    }

    /// Measures rounds of both sides, which say themselves how long they took.
    init(
        _ events: Int,
        rounds: Int,
        measuredSubject: (Int) async throws -> Duration,
        measuredFloor: (Int) async throws -> Duration
    ) async throws {
        for round in 0..<rounds {
            floor.add(try await measuredFloor(round), events)
            subject.add(try await measuredSubject(round), events)
        }
    }

    func report(_ name: String, _ what: String, _ more: String = "") {
        let ratio = String(format: "%.2f", subject.median / floor.median)
        StoreBenchmarks.print("\(name)  \(what): \(subject.text), floor \(floor.text), ratio \(ratio)\(more)")
    }
}

/// Counts what is handled, and lets one task wait until it's enough.
final class HandledCount: Sendable {
    private let count = Locked(0)
    private let end: Int
    private let stream = AsyncStream.makeStream(of: Void.self)

    init(upTo end: Int) { self.end = end }

    var value: Int { count.withLock { $0 } }

    func add() {
        let isEnd = count.withLock { count in
            count += 1
            return count == end
        }
        if isEnd { stream.continuation.finish() }
    }

    func wait() async { for await _ in stream.stream {} }
}
