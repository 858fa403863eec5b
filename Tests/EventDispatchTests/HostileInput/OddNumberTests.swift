import EventDispatch
import EventDispatchTesting
import Testing

/// Counts and durations at the ends of their types.
@Suite(.timeLimit(.minutes(10))) struct OddNumberTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    @Test func `a limit of the greatest number is a limit`() throws {
        bag.insert(
            try dispatcher.subscribe {
                On(Ping.self) { Handle { [journal] _ in journal.note("own") }.limit(.max) }
                On(Ping.self) { Handle { [journal] _ in journal.note("block") } }.limit(.max)
                On(Sample<Int>.self) {
                    Handle { [journal] _ in journal.note("key") }.limit(.max, per: \.value, capacity: .max)
                }
            }
        )
        for _ in 0..<2 {
            try dispatcher.fireSynchronously(Ping())
            try dispatcher.fireSynchronously(Sample(1))
        }
        #expect(journal.entries == ["own", "block", "key", "own", "block", "key"])
    }

    @Test(arguments: [0, -1, Int.min]) func `a limit below one is refused`(count: Int) {
        for declarations in [
            On(Ping.self) { Handle { _ in }.limit(count) }.declarations,
            On(Ping.self) { Handle { _ in } }.limit(count).declarations,
            On(Sample<Int>.self) { Handle { _ in }.limit(count, per: \.value, capacity: 1) }.declarations,
            On(Sample<Int>.self) { Handle { _ in }.limit(1, per: \.value, capacity: count) }.declarations,
        ] {
            let error = refusal { () throws(DispatchError) in
                try dispatcher.subscribe { declarations }
            }
            #expect(error?.code == .invalidLimit)
            #expect(error?.message.contains("\(count)") == true)
        }
    }

    @Test func `priorities at both ends are in order`() throws {
        for priority in [Int.min, .max, 0, -1, 1] {
            bag.insert(
                try dispatcher.subscribe {
                    On(Ping.self) { Handle { [journal] _ in journal.note("\(priority)") }.priority(priority) }
                }
            )
        }
        try dispatcher.fireSynchronously(Ping())
        let notes = journal.entries.compactMap { Int($0) }
        #expect(notes == [.max, 1, 0, -1, .min] || notes == [.min, -1, 0, 1, .max])
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(Int64.min)])
    func `a timeout that is not positive is refused`(
        timeout: Duration
    ) {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe { On(Ping.self) { Handle { _ in await Task.yield() }.timeout(timeout) } }
        }
        #expect(error?.code == .invalidTimeout)
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(Int64.min)])
    func `a deadline that is over ends a stop at once`(
        deadline: Duration
    ) async throws {
        let gate = Gate()
        bag.insert(try dispatcher.on(Ping.self) { _ in await gate.waitIgnoringCancellation() })
        let fire = Task { [dispatcher] in try await dispatcher.fire(Ping()) }
        await gate.arrivals(1)
        #expect(await dispatcher.stop(deadline: deadline).firesInProgress == 1)
        gate.open()
        _ = try await fire.value
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(Int64.min)])
    func `a wait for an event that is not positive is refused`(
        timeout: Duration
    ) {
        let error = #expect(throws: DispatchError.self) { _ = try dispatcher.next(of: Ping.self, timeout: timeout) }
        #expect(error?.code == .invalidTimeout)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test(arguments: [Int.min, -1, 0]) func `a queue without capacity holds one`(capacity: Int) async throws {
        for policy in [
            PostPolicy.suspend(capacity: capacity), .reject(capacity: capacity), .dropOldest(capacity: capacity),
        ] {
            let dispatcher = EventDispatcher(postPolicy: policy)
            bag.insert(try dispatcher.on(Letter.self) { [journal] letter in journal.note("\(letter.number)") })
            try await dispatcher.post(Letter(1))
            await dispatcher.drain()
        }
        #expect(journal.entries == ["1", "1", "1"])
    }

    @Test func `a queue of the greatest capacity holds what is posted`() async throws {
        for policy in [PostPolicy.suspend(capacity: .max), .reject(capacity: .max), .dropOldest(capacity: .max)] {
            let dispatcher = EventDispatcher(postPolicy: policy)
            bag.insert(try dispatcher.on(Letter.self) { [journal] letter in journal.note("\(letter.number)") })
            for number in 0..<3 { try await dispatcher.post(Letter(number)) }
            await dispatcher.drain()
        }
        #expect(journal.entries == ["0", "1", "2", "0", "1", "2", "0", "1", "2"])
    }

    @Test(arguments: [EventBuffering.newest(.min), .newest(0), .oldest(.min), .oldest(0), .newest(.max), .oldest(.max)])
    func `a sequence keeps at least one event`(buffering: EventBuffering) async throws {
        let events = try dispatcher.events(of: Letter.self, buffering: buffering)
        try dispatcher.fireSynchronously(Letter(7))
        var iterator = events.makeAsyncIterator()
        #expect(await iterator.next()?.number == 7)
    }

    @Test(arguments: [Int.min, -1, 0]) func `a dispatcher without depth refuses every fire`(depth: Int) async throws {
        let dispatcher = EventDispatcher(maximumDepth: depth)
        let error = await #expect(throws: DispatchError.self) { try await dispatcher.fire(Ping()) }
        #expect(error?.code == .nestedTooDeep)
        #expect(throws: DispatchError.self) { _ = try dispatcher.fireSynchronously(Ping()) }
    }
}
