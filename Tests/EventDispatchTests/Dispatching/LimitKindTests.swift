import EventDispatch
import EventDispatchTesting
import Foundation
import Testing

/// Line 7 of the contract, the other limits: of blocks, of successes, of the values of a key.
@Suite(.timeLimit(.minutes(10))) struct LimitKindTests {
    private struct Failure: Error {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `the limit of a block is one budget and one claim an event`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Rule {
                    Handle { event in journal.note("a\(event.count)") }
                    Rule {
                        Where(\.count != 2)
                        Handle { event in journal.note("b\(event.count)") }
                    }
                    Phase(.after) { Handle { event in journal.note("c\(event.count)") } }
                }
                .limit(2)
                Handle { event in journal.note("-") }
            }
        }
        for count in 1...4 { try dispatcher.fireSynchronously(Ping(count: count)) }
        #expect(journal.entries == ["a1", "b1", "-", "c1", "a2", "-", "c2", "-", "-"])
        #expect(dispatcher.handlers.count == 1)
        subscription.cancel()
    }

    @Test func `a phase and an on block can be limited`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Phase(.before) { Handle { _ in journal.note("phase") } }.limit(1) }
            On(Ping.self) {
                Handle { _ in journal.note("on") }
                Handle { _ in journal.note("on") }
            }
            .limit(1)
        }
        for _ in 0..<3 { try dispatcher.fireSynchronously(Ping()) }
        #expect(journal.entries == ["phase", "on", "on"])
        #expect(!subscription.isActive)
    }

    @Test func `a used up block frees all its handlers`() throws {
        final class Captured: Sendable {}
        weak var captured: Captured?
        let subscription = try {
            let object = Captured()
            captured = object
            return try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { _ in }
                    Rule {
                        Where(\.count == 99)
                        Handle { _ in withExtendedLifetime(object) {} }
                    }
                }
                .limit(1)
            }
        }()
        #expect(captured != nil)
        try dispatcher.fireSynchronously(Ping())
        #expect(captured == nil)
        #expect(!subscription.isActive)
    }

    @Test(arguments: 0..<16)
    func `a used up block frees all its handlers whichever of them ended before`(ended: Int) throws {
        let captures = (0..<4).map { _ in WeakCapture() }
        let numbers = (0..<4).filter { ended >> $0 & 1 == 1 }
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("before") { _ in }
                Rule {
                    for number in 0..<4 {
                        let captured = captures[number].make()
                        Rule {
                            Where(\.count, in: [number, 4])
                            Handle { _ in withExtendedLifetime(captured) {} }.limit(number == 3 ? 9 : 1)
                        }
                        .limit(number == 3 ? 1 : 9)
                    }
                }
                .limit(numbers.count + 1)
                Handle("after") { _ in }
            }
        }
        for number in numbers { try dispatcher.fireSynchronously(Ping(count: number)) }
        #expect(captures.map(\.isFreed) == (0..<4).map(numbers.contains))
        try dispatcher.fireSynchronously(Ping(count: 4))
        #expect(captures.map(\.isFreed) == [true, true, true, true])
        #expect(dispatcher.handlers.map(\.handlerName) == ["before", "after"])
        subscription.cancel()
    }

    @Test func `a used up block of handlers of any event frees them`() throws {
        let capture = WeakCapture()
        let subscription = try dispatcher.subscribe {
            OnAny {
                for priority in 0..<2 {
                    let captured = capture.make()
                    Handle { _ in withExtendedLifetime(captured) {} }.priority(priority)
                }
            }
            .limit(2)
            OnAny { _ in }
        }
        try dispatcher.fireSynchronously(Ping())
        try dispatcher.fireSynchronously(UserCreated())
        #expect(capture.isFreed)
        #expect(dispatcher.handlers.count == 1)
        #expect(try dispatcher.fireSynchronously(Ping()).succeeded == 1)
        subscription.cancel()
    }

    @Test func `a block's budget and a handler's own limit both hold`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { event in journal.note("a\(event.count)") }.limit(1)
                Handle { event in journal.note("b\(event.count)") }
            }
            .limit(2)
        }
        for count in 1...3 { try dispatcher.fireSynchronously(Ping(count: count)) }
        #expect(journal.entries == ["a1", "b1", "b2"])
        subscription.cancel()
    }

    @Test(arguments: [0, -3])
    func `a block's limit below one is refused`(limit: Int) {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe { On(Ping.self) { Rule { Handle { _ in } }.limit(limit, line: 12) } }
        }
        #expect(error?.code == .invalidLimit)
        #expect(error?.location.line == 12)
    }

    @Test func `counting successes gives a failed start back`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { event in
                    journal.note("\(event.count)")
                    if event.count < 3 { throw Failure() }
                }
                .limit(2, counting: .successes)
            }
        }
        for count in 1...6 { _ = try? dispatcher.fireSynchronously(Ping(count: count)) }
        #expect(journal.entries == ["1", "2", "3", "4"])
        #expect(!subscription.isActive)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `events that come while all claims are in flight are skipped not queued`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { event in
                    journal.note("\(event.count)")
                    try await gate.wait()
                    if event.count == 1 { throw Failure() }
                }
                .limit(1, counting: .successes)
            }
        }
        async let first = dispatcher.fireReporting(Ping(count: 1))
        await gate.arrivals(1)
        #expect(try await dispatcher.fire(Ping(count: 2)).isUnhandled)
        gate.open()
        #expect(try await first.succeeded == 0)
        #expect(try await dispatcher.fire(Ping(count: 3)).succeeded == 1)
        #expect(try await dispatcher.fire(Ping(count: 4)).isUnhandled)
        #expect(journal.entries == ["1", "3"])
        #expect(!subscription.isActive)
    }

    @Test func `a limit per key holds for each value`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { event in journal.note("\(event.name)\(event.logins)") }.limit(2, per: \.name)
            }
        }
        for logins in 1...3 {
            for name in ["a", "b"] { try dispatcher.fireSynchronously(UserCreated(name: name, logins: logins)) }
        }
        #expect(journal.entries == ["a1", "b1", "a2", "b2"])
        #expect(subscription.isActive)
        subscription.cancel()
    }

    @Test func `past its capacity a limit per key forgets the least recently used`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { event in journal.note(event.name) }.limit(1, per: \.name, capacity: 2)
            }
        }
        for name in ["a", "b", "a", "c", "a", "b", "a"] {
            try dispatcher.fireSynchronously(UserCreated(name: name))
        }
        // "c" made it forget "b", which had been used before the second "a"; "b" made it forget "c".
        #expect(journal.entries == ["a", "b", "c", "b"])
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [2])
        subscription.cancel()
    }

    @Test func `a small limit per key knows the order of all uses`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { event in journal.note(event.name) }.limit(1, per: \.name, capacity: 2)
            }
        }
        // No value is new between the last uses of "a" and "b", and yet it's "a" that "c" makes it forget.
        for name in ["a", "b", "b", "a", "b", "c", "b", "a"] {
            try dispatcher.fireSynchronously(UserCreated(name: name))
        }
        #expect(journal.entries == ["a", "b", "c", "a"])
        subscription.cancel()
    }

    @Test func `a large limit per key takes uses between two new values for made at once`() throws {
        let capacity = 1_024
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in journal.note("") }.limit(1, per: \.count, capacity: capacity) }
        }
        for count in 0..<capacity { try dispatcher.fireSynchronously(Ping(count: count)) }
        // All are used once more, but for 17, which is forgotten for the next new value.
        for count in (0..<capacity).reversed() where count != 17 {
            try dispatcher.fireSynchronously(Ping(count: count))
        }
        try dispatcher.fireSynchronously(Ping(count: capacity))
        #expect(journal.entries.count == capacity + 1)
        try dispatcher.fireSynchronously(Ping(count: 17))
        #expect(journal.entries.count == capacity + 2)
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [2])
        subscription.cancel()
    }

    @Test func `a limit per key keeps its memory bounded`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in journal.note("") }.limit(1, per: \.count, capacity: 100) }
        }
        for round in 0..<3 {
            for count in 0..<1_000 { try dispatcher.fireSynchronously(Ping(count: round * 1_000 + count)) }
        }
        #expect(journal.entries.count == 3_000)
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [2_900])
        subscription.cancel()
    }

    @Test func `a capacity below one is refused`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe { On(Ping.self) { Handle { _ in }.limit(1, per: \.count, capacity: 0) } }
        }
        #expect(error?.code == .invalidLimit)
        #expect(error?.message.contains("capacity") == true)
    }

    @Test func `limits per key are exact under concurrency`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in journal.note("") }.limit(3, per: \.count, capacity: 10) }
        }
        await withDiscardingTaskGroup { group in
            for _ in 0..<64 {
                group.addTask {
                    for count in 0..<10 { _ = try? dispatcher.fireSynchronously(Ping(count: count)) }
                }
            }
        }
        #expect(journal.entries.count == 30)
        subscription.cancel()
    }

    @Test func `a start that one limit refuses is taken from none`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { event in journal.note(event.name) }.limit(2).limit(1, per: \.name)
            }
        }
        for name in ["a", "a", "a", "b"] { try dispatcher.fireSynchronously(UserCreated(name: name)) }
        #expect(journal.entries == ["a", "b"])
        subscription.cancel()
    }

    @Test func `several limits lose no starts under concurrency`() async throws {
        for round in 0..<300 {
            let dispatcher = EventDispatcher()
            let starts = Journal()
            let subscription = try dispatcher.subscribe {
                On(Ping.self) { Handle { _ in starts.note("") }.limit(3).limit(1, per: \.count) }
            }
            await withDiscardingTaskGroup { group in
                for count in 0..<12 { group.addTask { _ = try? dispatcher.fireSynchronously(Ping(count: count % 3)) } }
            }
            for count in 0..<3 { try dispatcher.fireSynchronously(Ping(count: count)) }
            try #require(starts.entries.count == 3, "round \(round)")
            try #require(!subscription.isActive)
        }
    }

    @Test func `a claim that comes back is not lost when another is settled meanwhile`() async throws {
        let gate = Gate()
        let hasEnded = Journal()
        let subscription = try dispatcher.subscribe {
            On(Knock.self) {
                Rule {
                    Where(\.kind == 1)
                    Handle { _ in journal.note("refused") }.limit(1, per: \.door)
                }
                Rule {
                    Where(\.kind == 2)
                    Handle { _ in
                        journal.note("slow")
                        try await gate.wait()
                    }
                }
                Rule {
                    Where(\.kind == 3)
                    Handle { _ in journal.note("last") }
                }
            }
            .limit(3)
        }
        try dispatcher.fireSynchronously(Knock(kind: 1, door: Door()))
        let slow = Task { [dispatcher] in
            try await dispatcher.fire(Knock(kind: 2, door: Door()))
            hasEnded.note("")
        }
        await gate.arrivals(1)
        // The block grants its last start, then the key refuses it; between the two, the slow handler's start is settled. On a
        // thread of its own, because it waits there.
        let door = Door {
            gate.open()
            while hasEnded.entries.isEmpty { sched_yield() }
        }
        let refused = await SerialTasks().start { [dispatcher] in
            try? dispatcher.fireSynchronously(Knock(kind: 1, door: door)).isUnhandled
        }
        #expect(await refused.value == true)
        try await slow.value
        try dispatcher.fireSynchronously(Knock(kind: 3, door: Door()))
        #expect(journal.entries == ["refused", "slow", "last"])
        subscription.cancel()
    }

    @Test func `several limits have to allow a start together`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { event in journal.note(event.name) }.limit(1, per: \.name).limit(2)
            }
        }
        for name in ["a", "a", "b", "c"] { try dispatcher.fireSynchronously(UserCreated(name: name)) }
        #expect(journal.entries == ["a", "b"])
        #expect(!subscription.isActive)
    }
}

private struct Knock: MatchableEvent {
    let kind: Int
    let door: Door

    struct MatchKeys: MatchKeySet {
        let kind = Key(\.kind)
        let door = Key(\.door)
    }
}

/// A key's value that does something when it is hashed. All are equal.
private struct Door: Hashable, Sendable {
    var whenHashed: @Sendable () -> Void = {}

    static func == (left: Self, right: Self) -> Bool { true }

    func hash(into hasher: inout Hasher) { whenHashed() }
}
