import EventDispatch
import EventDispatchTesting
import Testing

/// Line 11 of the contract: a bounded queue with a stated policy.
@Suite(.timeLimit(.minutes(10))) struct PostPolicyTests {
    private let fired = Journal()
    private let drops = Journal()
    private let gate = Gate()
    private let producers = SerialTasks()

    /// A dispatcher whose queue stands still until the gate opens, with the event 0 in its handler.
    private func standing(_ policy: PostPolicy) async throws -> (EventDispatcher, EventSubscription) {
        let dispatcher = EventDispatcher(postPolicy: policy)
        dispatcher.observe(with: DropObserver(journal: drops))
        let subscription = try dispatcher.on(Letter.self) { [fired, gate] letter in
            try await gate.wait()
            fired.note("\(letter.number)")
        }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        return (dispatcher, subscription)
    }

    @Test func `a full queue that suspends makes the producer wait for room`() async throws {
        let (dispatcher, subscription) = try await standing(.suspend(capacity: 2))
        let producer = await producers.start { [fired] in
            for number in 1...3 {
                do { try await dispatcher.post(Letter(number)) } catch { Issue.record(error) }
                fired.note("posted \(number)")
            }
        }
        #expect(fired.entries == ["posted 1", "posted 2"])
        gate.open()
        await producer.value
        await dispatcher.drain()
        #expect(fired.entries.filter { !$0.hasPrefix("posted") } == ["0", "1", "2", "3"])
        #expect(fired.entries.contains("posted 3"))
        #expect(drops.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `suspended producers are admitted in the order in which they came`() async throws {
        let (dispatcher, subscription) = try await standing(.suspend(capacity: 1))
        try await dispatcher.post(Letter(1))
        for number in 2...9 { await producers.start { try? await dispatcher.post(Letter(number)) } }
        gate.open()
        await dispatcher.drain()
        #expect(fired.entries == (0...9).map(String.init))
        subscription.cancel()
    }

    @Test func `the queue holds its capacity beside the event that is fired`() async throws {
        let (dispatcher, subscription) = try await standing(.reject(capacity: 3))
        for number in 1...3 { #expect(try dispatcher.postNow(Letter(number))) }
        #expect(try !dispatcher.postNow(Letter(4)))
        gate.open()
        await dispatcher.drain()
        #expect(fired.entries == ["0", "1", "2", "3"])
        subscription.cancel()
    }

    @Test func `a full queue that rejects throws and counts the drop`() async throws {
        let (dispatcher, subscription) = try await standing(.reject(capacity: 1))
        try await dispatcher.post(Letter(1))
        do {
            try await dispatcher.post(Letter(2), line: 12)
            Issue.record("post did not throw")
        } catch {
            #expect(error.code == .queueFull)
            #expect(error.message.contains("Letter") && error.message.contains("1 event"))
            #expect(error.location.line == 12)
        }
        #expect(drops.entries == ["2 queueFull"])
        gate.open()
        #expect(await dispatcher.stop().dropped == 1)
        #expect(fired.entries == ["0", "1"])
        subscription.cancel()
    }

    @Test(arguments: [PostPolicy.suspend(capacity: 1), .reject(capacity: 1)])
    func `post now returns false without waiting when the queue is full`(policy: PostPolicy) async throws {
        let (dispatcher, subscription) = try await standing(policy)
        #expect(try dispatcher.postNow(Letter(1)))
        #expect(try !dispatcher.postNow(Letter(2)))
        #expect(try !dispatcher.postNow(Letter(3)))
        #expect(drops.entries == ["2 queueFull", "3 queueFull"])
        gate.open()
        #expect(await dispatcher.stop().dropped == 2)
        #expect(fired.entries == ["0", "1"])
        subscription.cancel()
    }

    @Test func `a full queue that drops the oldest keeps the newest`() async throws {
        let (dispatcher, subscription) = try await standing(.dropOldest(capacity: 2))
        for number in 1...4 { try await dispatcher.post(Letter(number)) }
        #expect(try dispatcher.postNow(Letter(5)))
        #expect(drops.entries == ["1 oldest", "2 oldest", "3 oldest"])
        gate.open()
        #expect(await dispatcher.stop().dropped == 3)
        #expect(fired.entries == ["0", "4", "5"])
        subscription.cancel()
    }

    @Test(arguments: [0, -1, .min])
    func `a capacity below one counts as one`(capacity: Int) async throws {
        #expect(PostPolicy.suspend(capacity: capacity).capacity == 1)
        #expect(PostPolicy.dropOldest(capacity: capacity).capacity == 1)
        let (dispatcher, subscription) = try await standing(.reject(capacity: capacity))
        #expect(try dispatcher.postNow(Letter(1)))
        #expect(try !dispatcher.postNow(Letter(2)))
        gate.open()
        await dispatcher.drain()
        subscription.cancel()
    }

    @Test func `a producer that is cancelled while it waits gets cancelled and the others keep their order`()
        async throws
    {
        let (dispatcher, subscription) = try await standing(.suspend(capacity: 1))
        try await dispatcher.post(Letter(1))
        var waiting: [Task<DispatchError.Code?, Never>] = []
        for number in 2...6 {
            waiting.append(
                await producers.start {
                    await dispatcher.refusal(of: Letter(number))
                }
            )
        }
        waiting[1].cancel()
        waiting[3].cancel()
        #expect(await waiting[1].value == .cancelled)
        #expect(await waiting[3].value == .cancelled)
        gate.open()
        for index in [0, 2, 4] { #expect(await waiting[index].value == nil) }
        await dispatcher.drain()
        #expect(fired.entries == ["0", "1", "2", "4", "6"])
        #expect(drops.entries.isEmpty)
        #expect(await dispatcher.stop().dropped == 0)
        subscription.cancel()
    }

    @Test func `a cancelled task that finds no room does not wait`() async throws {
        let (dispatcher, subscription) = try await standing(.suspend(capacity: 1))
        try await dispatcher.post(Letter(1))
        let producer = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await dispatcher.refusal(of: Letter(2))
        }
        #expect(await producer.value == .cancelled)
        gate.open()
        await dispatcher.drain()
        #expect(fired.entries == ["0", "1"])
        subscription.cancel()
    }

    @Test func `a producer that is cancelled after it was admitted has posted`() async throws {
        let (dispatcher, subscription) = try await standing(.suspend(capacity: 1))
        try await dispatcher.post(Letter(1))
        let producer = await producers.start {
            await dispatcher.refusal(of: Letter(2))
        }
        gate.open()
        await dispatcher.drain()
        producer.cancel()
        #expect(await producer.value == nil)
        #expect(fired.entries == ["0", "1", "2"])
        subscription.cancel()
    }

    @Test func `a handler of a posted event that finds the queue full is refused instead of waiting for itself`()
        async throws
    {
        let dispatcher = EventDispatcher(postPolicy: .suspend(capacity: 1))
        dispatcher.observe(with: DropObserver(journal: drops))
        let subscription = try dispatcher.on(Letter.self) { [fired] letter in
            guard letter.number == 0 else { return fired.note("\(letter.number)") }
            try await dispatcher.post(Letter(1))
            fired.note("\(await dispatcher.refusal(of: Letter(2))?.description ?? "posted")")
        }
        try await dispatcher.post(Letter(0))
        let drained = await ends { await dispatcher.drain() }
        #expect(drained)
        #expect(fired.entries == ["queueFull", "1"])
        #expect(drops.entries == ["2 queueFull"])
        subscription.cancel()
    }

    @Test func `a handler that a posted handler's fire reaches is refused too`() async throws {
        let dispatcher = EventDispatcher(postPolicy: .suspend(capacity: 1))
        let subscription = try dispatcher.subscribe {
            On(Letter.self) { Handle { letter in if letter.number == 0 { try await dispatcher.fire(Ping()) } } }
            On(Ping.self) {
                Handle { [fired] _ in
                    try await dispatcher.post(Letter(1))
                    fired.note("\(await dispatcher.refusal(of: Letter(2))?.description ?? "posted")")
                }
            }
        }
        try await dispatcher.post(Letter(0))
        let drained = await ends { await dispatcher.drain() }
        #expect(drained)
        #expect(fired.entries == ["queueFull"])
        subscription.cancel()
    }

    @Test func `a handler of a fired event waits for room like anyone else`() async throws {
        let (dispatcher, subscription) = try await standing(.suspend(capacity: 1))
        try await dispatcher.post(Letter(1))
        let poster = try dispatcher.on(Ping.self) { _ in try await dispatcher.post(Letter(2)) }
        let producer = await producers.start { (try? await dispatcher.fire(Ping()))?.succeeded }
        gate.open()
        #expect(await producer.value == 1)
        await dispatcher.drain()
        #expect(fired.entries == ["0", "1", "2"])
        subscription.cancel()
        poster.cancel()
    }

    @Test func `a dropped event is freed under no lock`() async throws {
        final class Parcel: MatchableEvent {
            let dispatcher: EventDispatcher
            let journal: Journal
            init(_ dispatcher: EventDispatcher, _ journal: Journal) {
                self.dispatcher = dispatcher
                self.journal = journal
            }
            deinit {
                let isPosted = (try? dispatcher.postNow(Ping())) ?? false
                journal.note("freed, posted: \(isPosted)")
            }
        }
        let dispatcher = EventDispatcher(postPolicy: .dropOldest(capacity: 1))
        let subscription = try dispatcher.on(Letter.self) { [gate] _ in try await gate.wait() }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        try await dispatcher.post(Parcel(dispatcher, fired))
        try await dispatcher.post(Letter(1))
        #expect(fired.entries == ["freed, posted: true"])
        gate.open()
        await dispatcher.drain()
        subscription.cancel()
    }
}
