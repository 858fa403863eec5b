import EventDispatch
import EventDispatchTesting
import EventDispatchTracing
import Foundation
import Testing
import TestSupport

/// The Trace Event Format: what Perfetto and chrome://tracing ask of a file.
@Suite(.timeLimit(.minutes(10))) struct PerfettoTests {
    private struct Entry {
        let phase: String
        let name: String
        let track: Int
        let start: Double
        let duration: Double
        let arguments: [String: Any]
        let id: Int?
    }

    private let dispatcher = EventDispatcher()
    private let trace = EventDispatchTrace()
    private let bag = SubscriptionBag()

    init() { dispatcher.observe(with: trace) }

    private func entries() throws -> [Entry] {
        let path = try temporaryPath("trace.json")
        try trace.write(perfetto: path)
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["displayTimeUnit"] as? String == "ns")
        return try #require(object["traceEvents"] as? [[String: Any]]).map { event in
            let phase = try #require(event["ph"] as? String)
            #expect(event["pid"] as? Int == 1)
            #expect(event["name"] is String)
            if phase != "M" {
                #expect((event["ts"] as? Double).map { $0 >= 0 } == true)
                #expect(event["cat"] is String)
            }
            return Entry(
                phase: phase,
                name: event["name"] as? String ?? "",
                track: try #require(event["tid"] as? Int),
                start: event["ts"] as? Double ?? 0,
                duration: event["dur"] as? Double ?? 0,
                arguments: event["args"] as? [String: Any] ?? [:],
                id: event["id"] as? Int
            )
        }
    }

    /// Slices of a track lie inside or after each other, each track has a name, and arrows have two ends, which lie in slices.
    private func check(_ entries: [Entry]) {
        #expect(entries.allSatisfy { ["X", "M", "i", "s", "f"].contains($0.phase) })
        let slices = entries.filter { $0.phase == "X" }
        #expect(slices.allSatisfy { $0.duration >= 0 })
        for track in Set(slices.map(\.track)) {
            var open: [Double] = []
            let tolerance = 0.000_5
            for slice in slices where slice.track == track {
                while let end = open.last, end <= slice.start + tolerance { open.removeLast() }
                let end = slice.start + slice.duration
                if let outer = open.last { #expect(end <= outer + tolerance, "\(slice.name) overlaps another") }
                open.append(end)
            }
            #expect(entries.contains { $0.phase == "M" && $0.name == "thread_name" && $0.track == track })
        }
        let ends = entries.filter { $0.phase == "f" }
        #expect(entries.filter { $0.phase == "s" }.map(\.id) == ends.map(\.id))
        // An arrow leads from a fire to the one that comes from it.
        func slice(of fire: Int?) -> Entry? { slices.first { $0.arguments["fire"] as? Int == fire && fire != nil } }
        for arrow in entries where arrow.phase == "s" || arrow.phase == "f" {
            let child = slice(of: arrow.id)
            let end = arrow.phase == "f" ? child : slice(of: child?.arguments["parent"] as? Int)
            let isInside = end.map {
                $0.track == arrow.track && $0.start <= arrow.start && arrow.start <= $0.start + $0.duration
            }
            #expect(isInside == true, "an arrow begins or ends outside of its slice")
        }
    }

    @Test func `nested fires stand in the slices of their handlers`() async throws {
        try dispatcher.subscribe {
            On(Opened.self) {
                Handle("outer") { _ in _ = try DispatchContext.current?.dispatcher.fireSynchronously(Counted()) }
            }
            On(Counted.self) { Handle("inner") { _ in throw Failure() } }
        }
        .store(in: bag)
        _ = try await dispatcher.fireReporting(Opened())
        let entries = try entries()
        check(entries)
        let slices = entries.filter { $0.phase == "X" }
        #expect(slices.map(\.name) == ["opened", "outer", "counted", "inner"])
        #expect(Set(slices.map(\.track)).count == 1)
        #expect(slices.last?.arguments["outcome"] as? String == "failed")
        #expect(slices.last?.arguments["error"] as? String == "it broke")
        #expect(slices.last?.arguments["at"] as? String != nil)
    }

    @Test func `what runs at a time stands on tracks of its own`() async throws {
        let gate = Gate()
        try dispatcher.subscribe {
            On(Opened.self) {
                Handle("a") { _ in try await gate.wait() }
                Handle("b") { _ in
                    try await gate.wait()
                    try await DispatchContext.current?.dispatcher.fire(Counted())
                }
                Handle("c") { _ in await gate.waitIgnoringCancellation() }.detached()
            }
        }
        .store(in: bag)
        let fires = (0..<3).map { number in Task { try await dispatcher.fireReporting(Opened(number: number)) } }
        await gate.arrivals(9)
        check(try entries())
        gate.open()
        for fire in fires { _ = try await fire.value }
        await dispatcher.drain()
        let entries = try entries()
        check(entries)
        #expect(Set(entries.filter { $0.phase == "X" }.map(\.track)).count >= 6)
        #expect(entries.filter { $0.phase == "s" }.count >= 3)
    }

    @Test func `an arrow to what starts after its fire begins in that fire`() async throws {
        try dispatcher.subscribe { On(Opened.self) { Handle("later") { _ in }.debounce(.seconds(60)) } }.store(in: bag)
        try await dispatcher.fire(Opened())
        // It starts what is pending.
        await dispatcher.stop()
        let fires = trace.snapshot.fires
        #expect(fires.map(\.isDetached) == [false, true])
        let entries = try entries()
        check(entries)
        #expect(entries.count { $0.phase == "s" } == 1)
    }

    @Test func `drops and failed attempts are instants`() async throws {
        try dispatcher.on(Opened.self) { _ in throw Failure() }.store(in: bag)
        try dispatcher.subscribe { On(Counted.self) { Handle { _ in throw Failure() }.retry(2) } }.store(in: bag)
        _ = try? dispatcher.fireSynchronously(Counted())
        await dispatcher.stop()
        _ = try? dispatcher.postNow(Opened())
        let entries = try entries()
        check(entries)
        #expect(
            entries.filter { $0.phase == "i" }.map(\.name).sorted() == [
                "attempt failed", "attempt failed", "dropped: opened",
            ]
        )
    }

    @Test(arguments: [0, 5, -5])
    func `a clock that stands still or goes backwards makes a file`(step: Int) async throws {
        let clock = OddClock(step: step)
        let (dispatcher, trace) = (EventDispatcher(), EventDispatchTrace(clock: clock))
        dispatcher.observe(with: trace)
        try dispatcher.subscribe {
            On(Opened.self) {
                Handle("outer") { _ in _ = try DispatchContext.current?.dispatcher.fireSynchronously(Counted()) }
                Handle("apart") { _ in }.detached()
            }
        }
        .store(in: bag)
        try await dispatcher.fire(Opened())
        await dispatcher.stop()
        _ = try? dispatcher.postNow(Opened())
        let path = try temporaryPath("trace")
        try trace.write(to: path)
        try trace.write(perfetto: path)
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        let events = try #require((object as? [String: Any])?["traceEvents"] as? [[String: Any]])
        #expect(events.allSatisfy { ($0["ts"] as? Double ?? 0) >= 0 && ($0["dur"] as? Double ?? 0) >= 0 })
        #expect(events.count { $0["ph"] as? String == "X" } == 5)
    }

    /// A clock that moves by as much at each look at it.
    private final class OddClock: Clock {
        struct Instant: InstantProtocol {
            let offset: Duration
            func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }
            func duration(to other: Self) -> Duration { other.offset - offset }
            static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
        }

        let step: Int
        init(step: Int) { self.step = step }
        private let looks = Locked(0)
        var minimumResolution: Duration { .zero }
        var now: Instant {
            looks.withLock { looks in
                looks += 1
                return Instant(offset: .seconds(looks * step))
            }
        }
        func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
    }

    @Test func `an empty trace is a file too`() throws {
        let entries = try entries()
        check(entries)
        #expect(entries.map(\.name) == ["process_name"])
    }
}
