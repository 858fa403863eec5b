import EventDispatch
import EventDispatchTesting
import Testing

/// Several iterators of one sequence.
@Suite(.timeLimit(.minutes(10))) struct SequenceIteratorTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    private func fire(_ numbers: ClosedRange<Int>) throws {
        for number in numbers { try dispatcher.fireSynchronously(Letter(number)) }
    }

    private func rest(of iterator: consuming EventSequence<Letter>.Iterator) async -> [Int] {
        var numbers: [Int] = []
        while let letter = await iterator.next() { numbers.append(letter.number) }
        return numbers
    }

    @Test func `each loop gets every event in the same order however many fire`() async throws {
        let events = try dispatcher.events(of: Letter.self, buffering: .unbounded)
        let iterators = (0..<4).map { _ in events.makeAsyncIterator() }
        let loops = iterators.map { iterator in Task { await rest(of: iterator) } }
        await withTaskGroup(of: Void.self) { group in
            for producer in 0..<4 {
                group.addTask {
                    for number in 0..<500 { _ = try? await dispatcher.fire(Letter(producer * 500 + number)) }
                }
            }
        }
        events.cancel()
        let first = await loops[0].value
        #expect(first.count == 2_000)
        #expect(Set(first).count == 2_000)
        for loop in loops { #expect(await loop.value == first) }
    }

    @Test func `the first iterator takes over what came before and the second begins with the next event`() async throws
    {
        let events = try dispatcher.events(of: Letter.self)
        try fire(1...2)
        let first = events.makeAsyncIterator()
        let second = events.makeAsyncIterator()
        try fire(3...4)
        events.cancel()
        #expect(await rest(of: first) == [1, 2, 3, 4])
        #expect(await rest(of: second) == [3, 4])
    }

    @Test func `what the only loop has left is for the next`() async throws {
        let events = try dispatcher.events(of: Letter.self)
        try fire(1...3)
        for await letter in events {
            journal.note("\(letter.number)")
            break
        }
        try fire(4...4)
        events.cancel()
        for await letter in events { journal.note("\(letter.number)") }
        #expect(journal.entries == ["1", "2", "3", "4"])
        for await _ in events { Issue.record("all were taken") }
    }

    @Test func `what a loop beside others has left is freed`() async throws {
        let captures = WeakCapture()
        let events = try dispatcher.events(of: Sample<WeakCapture.Captured>.self)
        var staying = events.makeAsyncIterator()
        var leaving: EventSequence<Sample<WeakCapture.Captured>>.Iterator? = events.makeAsyncIterator()
        try dispatcher.fireSynchronously(Sample(captures.make()))
        _ = await staying.next()
        #expect(!captures.isFreed)
        withExtendedLifetime(leaving) {}
        leaving = nil
        #expect(captures.isFreed)
        try dispatcher.fireSynchronously(Sample(captures.make()))
        events.cancel()
        #expect(await staying.next() != nil)
        #expect(await staying.next() == nil)
    }

    @Test func `cancelling one loop ends no other and loses none of its events`() async throws {
        let tasks = SerialTasks()
        let events = try dispatcher.events(of: Letter.self)
        let cancelled = await tasks.start { await rest(of: events.makeAsyncIterator()) }
        let other = await tasks.start { await rest(of: events.makeAsyncIterator()) }
        try fire(1...1)
        tasks.waitUntilIdle()
        cancelled.cancel()
        #expect(await cancelled.value == [1])
        try fire(2...2)
        events.cancel()
        #expect(await other.value == [1, 2])
    }

    @Test func `a take that is cancelled ends nothing for its iterator`() async throws {
        let tasks = SerialTasks()
        let events = try dispatcher.events(of: Letter.self)
        let iterator = events.makeAsyncIterator()
        let take = await tasks.start {
            var iterator = iterator
            return await iterator.next()?.number
        }
        take.cancel()
        #expect(await take.value == nil)
        try fire(1...2)
        events.cancel()
        #expect(await rest(of: iterator) == [1, 2])
    }

    @Test func `copies of an iterator share its buffer`() async throws {
        let events = try dispatcher.events(of: Letter.self)
        var iterator = events.makeAsyncIterator()
        var copy = iterator
        try fire(1...3)
        #expect(await iterator.next()?.number == 1)
        #expect(await copy.next()?.number == 2)
        #expect(await iterator.next()?.number == 3)
    }

    @Test func `each buffer has its own bound and drops are summed`() async throws {
        let events = try dispatcher.events(of: Letter.self, buffering: .newest(2))
        try fire(1...3)
        #expect(events.dropped == 1)
        var slow: EventSequence<Letter>.Iterator? = events.makeAsyncIterator()
        var quick = events.makeAsyncIterator()
        for number in 4...6 {
            try fire(number...number)
            #expect(await quick.next()?.number == number)
        }
        #expect(events.dropped == 4)
        withExtendedLifetime(slow) {}
        slow = nil
        #expect(events.dropped == 4)
        try fire(7...9)
        #expect(events.dropped == 5)
        events.cancel()
        #expect(await rest(of: quick) == [8, 9])
    }

    @Test func `the last who holds the sequence or an iterator unsubscribes`() async throws {
        var events: EventSequence<Letter>? = try dispatcher.events(of: Letter.self)
        var iterators = (0..<3).map { _ in events?.makeAsyncIterator() }
        events = nil
        while iterators.popLast() != nil { #expect(dispatcher.hasHandlers(for: Letter.self) == !iterators.isEmpty) }
    }

    @Test func `a fire keeps an event for those iterators only that are there`() async throws {
        let captures = WeakCapture()
        let events = try dispatcher.events(of: Sample<WeakCapture.Captured>.self)
        var iterator = events.makeAsyncIterator()
        for _ in 0..<100 { _ = events.makeAsyncIterator() }
        try dispatcher.fireSynchronously(Sample(captures.make()))
        _ = await iterator.next()
        #expect(captures.isFreed)
    }

    @Test func `all loops end when the dispatcher has stopped`() async throws {
        let events = try dispatcher.events(of: Letter.self)
        let loops = (0..<3).map { _ in events.makeAsyncIterator() }.map { iterator in Task { await rest(of: iterator) }
        }
        try fire(1...2)
        await dispatcher.stop()
        for loop in loops { #expect(await loop.value == [1, 2]) }
    }

    @Test func `iterators that come and go lose no event of one that stays`() async throws {
        let events = try dispatcher.events(of: Letter.self, buffering: .unbounded)
        let staying = events.makeAsyncIterator()
        let loop = Task { await rest(of: staying) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for number in 1...2_000 { _ = try? await dispatcher.fire(Letter(number)) } }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<300 {
                        var iterator = events.makeAsyncIterator()
                        let take = Task { await iterator.next() }
                        take.cancel()
                        _ = await take.value
                    }
                }
            }
        }
        events.cancel()
        #expect(await loop.value == Array(1...2_000))
    }
}

/// Sequences of events of several types.
@Suite(.timeLimit(.minutes(10))) struct SequenceOfAnyEventsTests {
    private let dispatcher = EventDispatcher()

    private func names<Event>(of events: EventSequence<Event>) async -> [String] {
        var names: [String] = []
        for await event in events { names.append("\(type(of: event as Any))") }
        return names
    }

    private func fireAll() throws {
        let events: [any MatchableEvent] = [SignedIn(), OrderCreated(), OrderDeleted(), CartEmptied()]
        for event in events { try dispatcher.fireSynchronously(event) }
    }

    @Test func `a sequence of a protocol gets the events whose types conform`() async throws {
        let events = try dispatcher.events(conformingTo: (any AuditEvent).self)
        try fireAll()
        events.cancel()
        var users: [Int] = []
        for await event in events { users.append(event.userID) }
        #expect(users == [1, 2])
    }

    @Test func `a sequence of names gets the events whose types' names fit`() async throws {
        let orders = try dispatcher.events(named: "shop.order.*")
        let audited = try dispatcher.events(conformingTo: (any AuditEvent).self, named: "shop.**")
        let all = try dispatcher.events(named: "**")
        try fireAll()
        await dispatcher.stop()
        #expect(await names(of: orders) == ["OrderCreated", "OrderDeleted"])
        #expect(await names(of: audited) == ["OrderCreated"])
        #expect(await names(of: all) == ["SignedIn", "OrderCreated", "OrderDeleted", "CartEmptied"])
    }

    @Test func `a pattern that is malformed is refused with the place of the call`() {
        let error = #expect(throws: DispatchError.self) { _ = try dispatcher.events(named: "shop..*", line: 12) }
        #expect(error?.code == .invalidPattern)
        #expect(error?.location.line == 12)
        #expect(error?.location.fileID == #fileID)
    }

    @Test func `an event that comes too late for a sequence of names is not handled`() throws {
        let events = try dispatcher.events(named: "**")
        let observation = dispatcher.observe(with: ActingObserver { events.cancel() })
        let report = try dispatcher.fireSynchronously(SignedIn())
        #expect(report.outcomes.map { "\($0.result)" } == ["skipped: unsubscribed"])
        observation.cancel()
    }

    @Test func `a bound holds and drops are counted across types`() async throws {
        let events = try dispatcher.events(named: "**", buffering: .newest(1))
        try fireAll()
        #expect(events.dropped == 3)
        events.cancel()
        #expect(await names(of: events) == ["CartEmptied"])
        #expect(!dispatcher.hasHandlers(for: SignedIn.self))
    }
}
