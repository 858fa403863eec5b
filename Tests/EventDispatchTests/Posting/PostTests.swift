import EventDispatch
import EventDispatchTesting
import Testing

/// Line 11 of the contract: `post`, `postNow` and what they promise of the queue.
@Suite(.timeLimit(.minutes(10))) struct PostTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let gate = Gate()

    @Test func `post returns before the handler has ended`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate, journal] _ in
            try await gate.wait()
            journal.note("handled")
        }
        try await dispatcher.post(Letter(1))
        await gate.arrivals(1)
        journal.note("posted")
        gate.open()
        await dispatcher.drain()
        #expect(journal.entries == ["posted", "handled"])
        subscription.cancel()
    }

    @Test func `posted events are fired one after the other in their order`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [journal] letter in
            journal.note("begin \(letter.number)")
            await Task.yield()
            journal.note("end \(letter.number)")
        }
        for number in 1...4 { try await dispatcher.post(Letter(number)) }
        await dispatcher.drain()
        #expect(journal.entries == (1...4).flatMap { ["begin \($0)", "end \($0)"] })
        subscription.cancel()
    }

    @Test(arguments: [PostPolicy.suspend(capacity: 3), .reject(capacity: 3), .dropOldest(capacity: 3)])
    func `each producer's events are fired in the order in which it posts them`(policy: PostPolicy) async throws {
        let dispatcher = EventDispatcher(postPolicy: policy)
        let fired = (0..<6).map { _ in Journal() }
        let subscription = try dispatcher.on(Letter.self) { letter in fired[letter.producer].note("\(letter.number)") }
        await withTaskGroup { group in
            for producer in 0..<6 {
                group.addTask {
                    for number in 0..<500 { try? await dispatcher.post(Letter(number, of: producer)) }
                }
            }
        }
        await dispatcher.drain()
        for journal in fired {
            let numbers = journal.entries.compactMap { Int($0) }
            #expect(numbers == numbers.sorted())
            #expect(Set(numbers).count == numbers.count)
            if case .suspend = policy { #expect(numbers == Array(0..<500)) }
        }
        subscription.cancel()
    }

    @Test func `events of different types share one order`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) { Handle { letter in journal.note("letter \(letter.number)") } }
            On(Ping.self) { Handle { ping in journal.note("ping \(ping.count)") } }
        }
        for number in 0..<3 {
            try await dispatcher.post(Letter(number))
            #expect(try dispatcher.postNow(Ping(count: number)))
        }
        await dispatcher.drain()
        #expect(journal.entries == (0..<3).flatMap { ["letter \($0)", "ping \($0)"] })
        subscription.cancel()
    }

    @Test func `handlers of a posted event run at the priority of its post`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [journal] letter in
            await Task.yield()
            journal.note("\(letter.number): \(Task.currentPriority.rawValue)")
        }
        var expected: [String] = []
        for (number, priority) in [TaskPriority.high, .low, .low, .medium, .background, .high].enumerated() {
            Task.detached(priority: priority) { [dispatcher] in try await dispatcher.post(Letter(number)) }
            expected.append("\(number): \(priority.rawValue)")
            let handled = await comesTrue { [journal] in journal.entries.count == number + 1 }
            #expect(handled)
        }
        #expect(journal.entries == expected)
        subscription.cancel()
    }

    @Test func `events of different priorities keep their order`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate, journal] letter in
            try await gate.wait()
            journal.note("\(letter.number): \(Task.currentPriority.rawValue)")
        }
        let priorities = [TaskPriority.low, .high, .high, .low, .medium, .high]
        let posted = Tally()
        for (number, priority) in priorities.enumerated() {
            Task.detached(priority: priority) { [dispatcher] in
                try await dispatcher.post(Letter(number))
                posted.increment()
            }
            let isPosted = await comesTrue { posted.value == number + 1 }
            #expect(isPosted)
        }
        gate.open()
        await dispatcher.drain()
        #expect(journal.entries == priorities.enumerated().map { "\($0.offset): \($0.element.rawValue)" })
        subscription.cancel()
    }

    @Test func `handlers of a posted event do not see the task local values of its post`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [journal] _ in journal.note(Trace.id) }
        try await Trace.$id.withValue("request") {
            try await dispatcher.post(Letter(1))
            try await dispatcher.fire(Letter(2))
        }
        await dispatcher.drain()
        #expect(Set(journal.entries) == ["none", "request"])
        subscription.cancel()
    }

    private enum Trace {
        @TaskLocal static var id = "none"
    }

    @Test func `a posted event that matches nothing is drained too`() async throws {
        try await dispatcher.post(Letter(1))
        await dispatcher.drain()
        #expect(await dispatcher.stop().dropped == 0)
    }

    @Test func `a handler that throws does not stop the queue`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [journal] letter in
            journal.note("\(letter.number)")
            throw CancellationError()
        }
        for number in 1...3 { try await dispatcher.post(Letter(number)) }
        await dispatcher.drain()
        #expect(journal.entries == ["1", "2", "3"])
        subscription.cancel()
    }

    @Test func `a handler that registers a handler does not stop the queue`() async throws {
        let added = SubscriptionBag()
        added.insert(
            try dispatcher.on(Letter.self) { [dispatcher, journal] letter in
                added.insert(try dispatcher.on(Letter.self) { _ in journal.note("\(letter.number)") })
            }
        )
        for number in 1...3 { try await dispatcher.post(Letter(number)) }
        await dispatcher.drain()
        #expect(journal.entries == ["1", "1", "2"])
        added.cancel()
    }

    @Test func `a pattern that a handler registers does not stop the queue`() async throws {
        let added = SubscriptionBag()
        added.insert(
            try dispatcher.subscribe {
                On(Letter.self) {
                    Handle { [dispatcher, journal] _ in
                        let patterns = try dispatcher.subscribe {
                            OnAny(named: "*") { event in journal.note("\(type(of: event))") }
                            On(NamedEvent<Int>.self) {
                                Where(\.name, matches: "shop.**")
                                Handle { event in journal.note(event.name) }
                            }
                        }
                        added.insert(patterns)
                    }
                    .once()
                }
            }
        )
        for number in 1...2 { try await dispatcher.post(Letter(number)) }
        try await dispatcher.post(NamedEvent("shop.order.created", 1))
        await dispatcher.drain()
        #expect(journal.entries == ["Letter", "shop.order.created"])
        try await dispatcher.post(Letter(3))
        await dispatcher.drain()
        #expect(journal.entries.last == "Letter")
        added.cancel()
    }

    @Test func `an event posted by a handler is fired after those that wait`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [dispatcher, gate, journal] letter in
            if letter.number == 1 {
                try await dispatcher.post(Letter(10))
                #expect(try dispatcher.postNow(Letter(11)))
                try await gate.wait()
            }
            journal.note("\(letter.number)")
        }
        gate.open()
        try await dispatcher.post(Letter(1))
        await dispatcher.drain()
        #expect(journal.entries == ["1", "10", "11"])
        subscription.cancel()
    }

    @Test func `a handler that cancels its own task does not stop the queue`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [journal] letter in
            withUnsafeCurrentTask { $0?.cancel() }
            await Task.yield()
            journal.note("\(letter.number)")
        }
        for number in 1...3 { try await dispatcher.post(Letter(number)) }
        let ended = await ends { [dispatcher] in await dispatcher.drain() }
        #expect(ended)
        #expect(journal.entries == ["1", "2", "3"])
        subscription.cancel()
    }

    @Test func `post does not run a handler inside the caller`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [journal] _ in
            journal.note(DispatchContext.current?.path.joined(separator: ">") ?? "none")
        }
        let poster = try dispatcher.on(Ping.self) { [dispatcher] _ in try await dispatcher.post(Letter(1)) }
        try await dispatcher.fire(Ping())
        await dispatcher.drain()
        #expect(journal.entries == ["Letter"])
        subscription.cancel()
        poster.cancel()
    }

    @Test func `a dispatcher made stopped refuses posts until started`() async throws {
        let dispatcher = EventDispatcher(started: false, name: "orders")
        do {
            try await dispatcher.post(Letter(1), line: 12)
            Issue.record("post did not throw")
        } catch {
            #expect(error.code == .notStarted)
            #expect(error.message.contains("Letter") && error.message.contains("'orders'"))
            #expect(error.location.line == 12)
        }
        #expect(throws: DispatchError.self) { _ = try dispatcher.postNow(Letter(2)) }
        dispatcher.start()
        try await dispatcher.post(Letter(3))
        await dispatcher.drain()
        #expect(await dispatcher.stop().dropped == 2)
    }

    @Test func `a dispatcher with an empty queue can be deallocated`() async throws {
        let dispatcherAlive: @Sendable () -> Bool
        do {
            let dispatcher = EventDispatcher()
            dispatcherAlive = { [weak dispatcher] in dispatcher != nil }
            try await dispatcher.post(Letter(1))
            await dispatcher.drain()
        }
        #expect(await comesTrue { !dispatcherAlive() })
    }

    @Test func `a dispatcher with posted events lives until they are fired`() async throws {
        let dispatcherAlive: @Sendable () -> Bool
        do {
            let dispatcher = EventDispatcher()
            dispatcherAlive = { [weak dispatcher] in dispatcher != nil }
            let subscription = try dispatcher.on(Letter.self) { [gate, journal] letter in
                try await gate.wait()
                journal.note("\(letter.number)")
            }
            for number in 1...3 { try await dispatcher.post(Letter(number)) }
            withExtendedLifetime(subscription) {}
        }
        await gate.arrivals(1)
        #expect(dispatcherAlive())
        gate.open()
        #expect(await comesTrue { !dispatcherAlive() })
        #expect(journal.entries == ["1", "2", "3"])
    }
}
