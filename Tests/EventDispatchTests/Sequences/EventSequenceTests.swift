import EventDispatch
import EventDispatchTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct EventSequenceTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a sequence of a stopped dispatcher ends at once and one made after a restart goes on`() async throws {
        let dispatcher = EventDispatcher()
        await dispatcher.stop()
        for await _ in try dispatcher.events(of: Ping.self) { Issue.record("nothing was fired") }
        #expect(!dispatcher.hasHandlers(for: Ping.self))
        dispatcher.start()
        var iterator = try dispatcher.events(of: Ping.self).makeAsyncIterator()
        try await dispatcher.fire(Ping(count: 3))
        #expect(await iterator.next()?.count == 3)
    }

    @Test func `what is fired after it is made is not missed`() async throws {
        let events = try dispatcher.events(of: Letter.self)
        for number in 1...3 { try dispatcher.fireSynchronously(Letter(number)) }
        var iterator = events.makeAsyncIterator()
        for number in 1...3 { #expect(await iterator.next()?.number == number) }
    }

    @Test func `a loop that waits gets events as they are fired`() async throws {
        let events = try dispatcher.events(of: Letter.self)
        let gate = Gate()
        let loop = Task { [journal] in
            for await letter in events {
                journal.note("\(letter.number)")
                if letter.number == 2 { gate.open() }
            }
            journal.note("ended")
        }
        for number in 1...2 {
            try await dispatcher.fire(Letter(number))
            let gotIt = await comesTrue { [journal] in journal.entries.count == number }
            #expect(gotIt)
        }
        try await gate.wait()
        loop.cancel()
        await loop.value
        #expect(journal.entries == ["1", "2", "ended"])
    }

    @Test func `a handler of the same event can end it and wait for its loop`() async throws {
        let events = try dispatcher.events(of: Letter.self)
        let loop = Task {
            var count = 0
            for await _ in events { count += 1 }
            return count
        }
        let ending = try dispatcher.on(Letter.self) { [journal] _ in
            await Task.yield()
            events.cancel()
            journal.note("\(await loop.value)")
        }
        try await dispatcher.fire(Letter(1))
        #expect(journal.entries == ["1"])
        ending.cancel()
    }

    @Test func `a filter narrows it`() async throws {
        let events = try dispatcher.events(of: UserCreated.self, where: \.role == .admin)
        try dispatcher.fireSynchronously(UserCreated(name: "bob"))
        try dispatcher.fireSynchronously(UserCreated(name: "eve", role: .admin))
        var iterator = events.makeAsyncIterator()
        #expect(await iterator.next()?.name == "eve")
    }

    @Test func `a filter that cannot be right is refused with its place`() {
        let error = #expect(throws: DispatchError.self) {
            _ = try dispatcher.events(of: UserCreated.self, where: Filter(\.logins, in: 3..<3))
        }
        #expect(error?.code == .neverMatches)
    }

    @Test func `the oldest give way by number and are counted`() async throws {
        let events = try dispatcher.events(of: Letter.self, buffering: .newest(2))
        for number in 1...5 { try dispatcher.fireSynchronously(Letter(number)) }
        #expect(events.dropped == 3)
        events.cancel()
        #expect(await numbers(of: events) == [4, 5])
    }

    @Test func `the newest give way when the oldest are kept`() async throws {
        let events = try dispatcher.events(of: Letter.self, buffering: .oldest(2))
        for number in 1...5 { try dispatcher.fireSynchronously(Letter(number)) }
        #expect(events.dropped == 3)
        events.cancel()
        #expect(await numbers(of: events) == [1, 2])
    }

    @Test func `an unbounded buffer keeps all`() async throws {
        let events = try dispatcher.events(of: Letter.self, buffering: .unbounded)
        for number in 1...5_000 { try dispatcher.fireSynchronously(Letter(number)) }
        #expect(events.dropped == 0)
        events.cancel()
        #expect(await numbers(of: events) == Array(1...5_000))
    }

    @Test func `it unsubscribes when the only task that holds it is cancelled`() async throws {
        let isSubscribed = Gate()
        let loop = Task { [dispatcher] in
            let events = try dispatcher.events(of: Letter.self)
            isSubscribed.open()
            for await _ in events {}
        }
        try await isSubscribed.wait()
        loop.cancel()
        try await loop.value
        #expect(!dispatcher.hasHandlers(for: Letter.self))
    }

    @Test func `cancelling one who takes events ends the sequence for nobody else`() async throws {
        let tasks = SerialTasks()
        let events = try dispatcher.events(of: Letter.self)
        let other = await tasks.start { [journal] in
            for await letter in events { journal.note("\(letter.number)") }
        }
        let raced = await tasks.start {
            var iterator = events.makeAsyncIterator()
            return await iterator.next()?.number
        }
        raced.cancel()
        #expect(await raced.value == nil)
        #expect(dispatcher.hasHandlers(for: Letter.self))
        try await dispatcher.fire(Letter(1))
        let gotIt = await comesTrue { [journal] in journal.entries == ["1"] }
        #expect(gotIt)
        events.cancel()
        await other.value
    }

    @Test func `a take that loses a race against a time can be repeated`() async throws {
        let clock = ManualClock()
        let events = try dispatcher.events(of: Letter.self)
        func next(within time: Duration) async -> Int? {
            await withTaskGroup(of: Int?.self) { group in
                group.addTask {
                    var iterator = events.makeAsyncIterator()
                    return await iterator.next()?.number
                }
                group.addTask {
                    try? await clock.sleep(for: time)
                    return nil
                }
                let first = await group.next() ?? nil
                group.cancelAll()
                return first
            }
        }
        let late = Task { await next(within: .seconds(1)) }
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        #expect(await late.value == nil)
        try await dispatcher.fire(Letter(1))
        #expect(await next(within: .seconds(1)) == 1)
    }

    @Test func `it unsubscribes when its task ends`() async throws {
        await Task { [dispatcher] in
            guard let events = try? dispatcher.events(of: Letter.self) else { return }
            _ = try? dispatcher.fireSynchronously(Letter(1))
            for await _ in events { break }
        }
        .value
        #expect(!dispatcher.hasHandlers(for: Letter.self))
    }

    @Test func `an iterator keeps it subscribed`() async throws {
        var iterator = try dispatcher.events(of: Letter.self).makeAsyncIterator()
        #expect(dispatcher.hasHandlers(for: Letter.self))
        try dispatcher.fireSynchronously(Letter(1))
        #expect(await iterator.next()?.number == 1)
    }

    @Test func `it ends when it is cancelled`() async throws {
        let events = try dispatcher.events(of: Letter.self)
        try dispatcher.fireSynchronously(Letter(1))
        events.cancel()
        try dispatcher.fireSynchronously(Letter(2))
        #expect(await numbers(of: events) == [1])
    }

    @Test func `it ends when the dispatcher goes`() async throws {
        var dispatcher: EventDispatcher? = EventDispatcher()
        let events = try #require(try dispatcher?.events(of: Letter.self))
        try dispatcher?.fireSynchronously(Letter(1))
        dispatcher = nil
        #expect(await numbers(of: events) == [1])
    }

    @Test func `it ends when the dispatcher has stopped`() async throws {
        let kept = try dispatcher.events(of: Letter.self)
        let events = try dispatcher.events(of: Letter.self)
        let loop = Task { await numbers(of: events) }
        for number in 1...2 { try await dispatcher.post(Letter(number)) }
        await dispatcher.stop()
        #expect(await loop.value == [1, 2])
        #expect(await numbers(of: kept) == [1, 2])
        dispatcher.start()
        try await dispatcher.fire(Letter(3))
        #expect(await numbers(of: kept).isEmpty)
        #expect(!dispatcher.hasHandlers(for: Letter.self))
    }

    @Test func `it ends though handlers are left when the stop's deadline has come`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let gate = Gate()
        let hanging = try dispatcher.on(Letter.self) { _ in await gate.waitIgnoringCancellation() }
        let events = try dispatcher.events(of: Ping.self)
        let fire = Task { try await dispatcher.fire(Letter(1)) }
        await gate.arrivals(1)
        let stop = Task { await dispatcher.stop(deadline: .seconds(1)) }
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        #expect(await stop.value.firesInProgress == 1)
        var iterator = events.makeAsyncIterator()
        #expect(await iterator.next() == nil)
        gate.open()
        _ = try await fire.value
        hanging.cancel()
    }

    @Test func `one that is made before the start lives until the stop`() async throws {
        let dispatcher = EventDispatcher(started: false)
        let events = try dispatcher.events(of: Letter.self)
        dispatcher.start()
        try await dispatcher.fire(Letter(1))
        await dispatcher.stop()
        #expect(await numbers(of: events) == [1])
    }

    @Test func `a stop that a new start ends ends no sequence`() async throws {
        let gate = Gate()
        let tasks = SerialTasks()
        let hanging = try dispatcher.on(Ping.self) { _ in await gate.waitIgnoringCancellation() }
        let events = try dispatcher.events(of: Letter.self)
        let fire = Task { [dispatcher] in try await dispatcher.fire(Ping()) }
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop() }
        dispatcher.start()
        _ = await stop.value
        try await dispatcher.fire(Letter(1))
        var iterator = events.makeAsyncIterator()
        #expect(await iterator.next()?.number == 1)
        gate.open()
        _ = try await fire.value
        hanging.cancel()
    }

    @Test func `an event that comes after the end is not handled`() async throws {
        let events = try dispatcher.events(of: Letter.self)
        let observation = dispatcher.observe(with: ActingObserver { events.cancel() })
        let report = try await dispatcher.fire(Letter(1))
        #expect(report.succeeded == 0)
        #expect(report.outcomes.map { "\($0.result)" } == ["skipped: unsubscribed"])
        #expect(await numbers(of: events).isEmpty)
        observation.cancel()
    }

    @Test func `no event is lost between fires and a loop`() async throws {
        let events = try dispatcher.events(of: Letter.self, buffering: .unbounded)
        let loop = Task { [journal] in for await letter in events { journal.note("\(letter.number)") } }
        await withTaskGroup(of: Void.self) { group in
            for producer in 0..<4 {
                group.addTask {
                    for number in 0..<500 { _ = try? await dispatcher.fire(Letter(producer * 500 + number)) }
                }
            }
        }
        events.cancel()
        await loop.value
        #expect(Set(journal.entries).count == 2_000)
    }

    @Test func `what is dropped is counted exactly however many fire`() async throws {
        for buffering in [EventBuffering.newest(10), .oldest(10)] {
            let events = try dispatcher.events(of: Letter.self, buffering: buffering)
            let taken = Tally()
            let loop = Task { for await _ in events { taken.increment() } }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for number in 0..<1_000 { _ = try? dispatcher.fireSynchronously(Letter(number)) }
                    }
                }
            }
            events.cancel()
            await loop.value
            #expect(taken.value + events.dropped == 4_000)
            #expect(taken.value >= 10)
        }
    }

    @Test func `with nobody taking all but the buffer's capacity is dropped`() async throws {
        for buffering in [EventBuffering.newest(10), .oldest(10)] {
            let events = try dispatcher.events(of: Letter.self, buffering: buffering)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for number in 0..<1_000 { _ = try? dispatcher.fireSynchronously(Letter(number)) }
                    }
                }
            }
            #expect(events.dropped == 3_990)
            events.cancel()
            #expect(await numbers(of: events).count == 10)
        }
    }

    @Test func `an event with a reply is a sequence too`() async throws {
        let events = try dispatcher.events(of: PriceRequested.self)
        let pending = try dispatcher.next(of: PriceRequested.self)
        let handler = try dispatcher.on(PriceRequested.self) { _ in 3 }
        let report = try await dispatcher.fire(PriceRequested())
        #expect(report.replies == [3])
        #expect(report.succeeded == 3)
        _ = try await pending.value
        events.cancel()
        var count = 0
        for await _ in events { count += 1 }
        #expect(count == 1)
        handler.cancel()
    }

    @MainActor @Test func `a loop stays on its actor`() async throws {
        let events = try dispatcher.events(of: Letter.self)
        try await dispatcher.fire(Letter(1))
        events.cancel()
        for await _ in events { MainActor.preconditionIsolated() }
    }

    private func numbers(of events: EventSequence<Letter>) async -> [Int] {
        var numbers: [Int] = []
        for await letter in events { numbers.append(letter.number) }
        return numbers
    }
}
