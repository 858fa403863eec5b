import EventDispatch
import EventDispatchTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct FireEachTests {
    private struct Failed: Error {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    @Test func `every element is fired in order`() async throws {
        bag.insert(try dispatcher.on(Letter.self) { [journal] letter in journal.note("\(letter.number)") })
        try await dispatcher.fireEach(of: stream(1, 2, 3))
        #expect(journal.entries == ["1", "2", "3"])
    }

    @Test func `a closure says which event an element stands for`() async throws {
        bag.insert(try dispatcher.subscribe { OnAny { event in journal.note("\(type(of: event))") } })
        try await dispatcher.fireEach(of: stream(1, 2, 3)) { letter in
            switch letter.number {
            case 1: Ping()
            case 2: nil
            default: UserCreated()
            }
        }
        #expect(journal.entries == ["Ping", "UserCreated"])
    }

    @Test func `the next element waits for the handlers of the last`() async throws {
        let gate = Gate()
        bag.insert(
            try dispatcher.on(Letter.self) { [journal] letter in
                journal.note("begin \(letter.number)")
                try await gate.wait()
                journal.note("end \(letter.number)")
            }
        )
        let bridge = Task { [dispatcher] in try await dispatcher.fireEach(of: stream(1, 2)) }
        await gate.arrivals(1)
        #expect(journal.entries == ["begin 1"])
        gate.open()
        try await bridge.value
        #expect(journal.entries == ["begin 1", "end 1", "begin 2", "end 2"])
    }

    @Test func `a failure ends it unless told otherwise`() async throws {
        bag.insert(
            try dispatcher.on(Letter.self) { [journal] letter in
                journal.note("\(letter.number)")
                if letter.number == 1 { throw Failed() }
            }
        )
        await #expect(throws: DispatchFailure.self) { try await dispatcher.fireEach(of: stream(1, 2)) }
        #expect(journal.entries == ["1"])
        var failures = 0
        try await dispatcher.fireEach(of: stream(1, 2), onFailure: { _ in failures += 1 })
        #expect(failures == 1)
        #expect(journal.entries == ["1", "1", "2"])
    }

    @Test func `the error of the sequence comes out`() async throws {
        let failing = AsyncThrowingStream<Letter, any Error> { continuation in
            continuation.yield(Letter(1))
            continuation.finish(throwing: Failed())
        }
        bag.insert(try dispatcher.on(Letter.self) { [journal] letter in journal.note("\(letter.number)") })
        await #expect(throws: Failed.self) { try await dispatcher.fireEach(of: failing) }
        #expect(journal.entries == ["1"])
    }

    @Test func `cancelling the task ends it`() async throws {
        let endless = AsyncStream<Letter> { _ in }
        let bridge = Task { [dispatcher] in try await dispatcher.fireEach(of: endless) }
        bridge.cancel()
        let isOver = await ends { _ = await bridge.result }
        #expect(isOver)
    }

    @Test func `cancelling the task ends it where no element stands for an event`() async throws {
        let numbers = Endless()
        let bridge = Task { [dispatcher] in try await dispatcher.fireEach(of: numbers) { _ in nil } }
        let isUnderWay = await comesTrue { numbers.count.value > 0 }
        #expect(isUnderWay)
        bridge.cancel()
        let isOver = await ends { _ = await bridge.result }
        if !isOver { numbers.end.set() }
        #expect(isOver)
        await #expect(throws: CancellationError.self) { try await bridge.value }
    }

    @MainActor @Test func `handlers run on the caller's actor`() async throws {
        bag.insert(
            try dispatcher.on(Letter.self) { _ in
                MainActor.preconditionIsolated()
                await Task.yield()
                MainActor.preconditionIsolated()
            }
        )
        try await dispatcher.fireEach(of: stream(1, 2))
    }
}

/// Numbers without end, whether or not the task that asks for them is cancelled.
private struct Endless: AsyncSequence, Sendable {
    let count = Tally()
    let end = Flag()

    struct Iterator: AsyncIteratorProtocol {
        let numbers: Endless

        func next() async -> Int? {
            await Task.yield()
            return numbers.end.isSet ? nil : numbers.count.increment()
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(numbers: self) }
}

private func stream(_ numbers: Int...) -> AsyncStream<Letter> {
    AsyncStream { continuation in
        for number in numbers { continuation.yield(Letter(number)) }
        continuation.finish()
    }
}
