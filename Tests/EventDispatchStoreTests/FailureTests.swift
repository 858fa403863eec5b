import EventDispatch
import EventDispatchStore
import EventDispatchTesting
import Testing

/// Retries, dead letters and stopping, for every store.
@Suite(.timeLimit(.minutes(10))) struct FailureTests {
    @Test(arguments: StoreUnderTest.all)
    func `pauses grow as the policy says and are shortened by no more than the jitter`(
        store: StoreUnderTest
    ) async throws {
        let (store, clock) = try await store()
        let billing = try await store.subscribe(
            "billing",
            retry: .exponential(from: .seconds(1), upTo: .seconds(4), attempts: 5),
            jitter: 0.5
        ) {
            On(OrderPlaced.self) { Handle { _ in throw Refused() } }
        }
        try await store.publish(OrderPlaced(id: 1))
        var pauses: [Duration] = []
        for longest in [1, 2, 4, 4] {
            await clock.sleepers(1)
            let retry = try #require(try await billing.status.retrying.first)
            pauses.append(try #require(retry.attempts.retryAt) - retry.attempts.began)
            clock.advance(by: .seconds(longest))
        }
        for (pause, longest) in zip(pauses, [1, 2, 4, 4]) {
            #expect(pause <= .seconds(longest) && pause >= .seconds(longest) / 2)
        }
        #expect(Set(pauses.map { $0 / .seconds(1) }).count == 4)
        try await billing.caughtUp()
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a dead letter keeps the event and its errors and attempts and times`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let billing = try await store.subscribe("billing", retry: .constant(.seconds(1), attempts: 2), jitter: 0) {
            On(OrderPlaced.self) { Handle("invoice") { _ in throw Refused() } }
        }
        try await store.publish(OrderPlaced(id: 1), id: "a")
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        try await billing.caughtUp()
        let letter = try #require(try await billing.deadLetters().first)
        #expect(letter.event.id == "a" && letter.sequence == 1 && letter.reason == .attemptsFailed)
        #expect(letter.attempts == 2 && letter.errors.count == 1)
        #expect(try letter.event.decoded(as: OrderPlaced.self) == OrderPlaced(id: 1))
        #expect(try letter.event.decoded(as: OrderPaid.self) == nil)
        #expect(letter.errors[0].contains("'invoice'") && letter.errors[0].contains("Refused"))
        #expect(letter.lastAttempt == StoreTime(sinceEpoch: .seconds(1)))
        #expect(letter.buried == StoreTime(sinceEpoch: .seconds(1)))
        #expect(try await billing.status.dead == 1)
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `an event that can not be decoded is a dead letter at once and holds nothing up`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store()
        let journal = Journal()
        let billing = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { order in journal.write("\(order.id)") } }
        }
        _ = try await store.append([stored("shop.order.placed", #"{"id":"one"}"#)])
        try await store.publish(OrderPlaced(id: 2))
        try await billing.caughtUp()
        let letters = try await billing.deadLetters()
        #expect(letters.map(\.reason) == [.undecodable] && letters[0].attempts == 0)
        #expect(letters[0].errors[0].contains("id"))
        #expect(journal.lines == ["2"])
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `an event that was begun with and whose name no block has now is a dead letter at once`(
        store: StoreUnderTest
    ) async throws {
        let (store, clock) = try await store()
        let old = try await store.subscribe("billing", retry: .constant(.seconds(1), attempts: 9)) {
            On(OrderPlaced.self) { Handle { _ in throw Refused() } }
        }
        try await store.publish(OrderPlaced(id: 1))
        await clock.sleepers(1)
        await old.stop()
        let new = try await store.subscribe("billing") { On(OrderPaid.self) { Handle { _ in } } }
        try await new.caughtUp()
        let letters = try await new.deadLetters()
        #expect(letters.map(\.reason) == [.unknownName] && letters[0].attempts == 1)
        #expect(try await new.status.position == 1)
        await new.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a dead letter is redelivered with all its attempts and is none any more`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store(.whenDelivered)
        let journal = Journal()
        let trouble = Trouble(2)
        let billing = try await store.subscribe("billing", retry: .immediate(attempts: 2)) {
            On(OrderPlaced.self) {
                Handle { order in
                    journal.write("\(order.id) \(Delivery.current?.attempt ?? 0)")
                    try trouble.meet()
                }
            }
        }
        try await store.publish(OrderPlaced(id: 1))
        try await store.publish(OrderPlaced(id: 2))
        try await billing.caughtUp()
        try await billing.redeliver(1)
        try await billing.caughtUp()
        #expect(journal.lines == ["1 1", "1 2", "2 1", "1 1"])
        #expect(try await billing.deadLetters().isEmpty)
        let error = await #expect(throws: EventStoreError.self) { try await billing.redeliver(1) }
        #expect(error?.code == .noDeadLetter)
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a dead letter that is redelivered while nobody delivers waits for the next start`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store(.whenDelivered)
        let journal = Journal()
        func open(_ failing: Bool) async throws -> DurableSubscription {
            try await store.subscribe("billing", retry: .immediate(attempts: 1)) {
                On(OrderPlaced.self) {
                    Handle { order in
                        if failing { throw Refused() }
                        journal.write("\(order.id)")
                    }
                }
            }
        }
        let first = try await open(true)
        try await store.publish(OrderPlaced(id: 1))
        try await first.caughtUp()
        await first.stop()
        try await first.redeliver(1)
        let status = try await store.status(of: "billing")
        #expect(status.waiting == 1 && status.dead == 0)
        let second = try await open(false)
        try await second.caughtUp()
        #expect(journal.lines == ["1"])
        await second.stop()
        let third = try await open(false)
        try await third.caughtUp()
        #expect(journal.lines == ["1"])
        await third.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a dead letter behind an event that waits is redelivered after a restart`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let (gate, behind, trouble, journal) = (Gate(), Gate(), Trouble(2), Journal())
        func open() async throws -> DurableSubscription {
            try await store.subscribe("billing", order: .concurrent(2), retry: .immediate(attempts: 2)) {
                On(OrderPlaced.self) {
                    Handle { order in
                        switch order.id {
                        case 1: try await gate.wait()
                        case 2: try trouble.meet()
                        default: await behind.waitIgnoringCancellation()
                        }
                        journal.write("\(order.id)")
                    }
                }
            }
        }
        let first = try await open()
        try await store.publish([OrderPlaced(id: 1), OrderPlaced(id: 2), OrderPlaced(id: 3)])
        await gate.arrivals(1)
        await behind.arrivals(1)
        behind.open()
        // The second is given up, and the third is done; the first still runs.
        while true {
            let status = try await first.status
            if status.dead == 1, status.inFlight == 1 { break }
            await Task.yield()
        }
        await first.stop(deadline: .zero)
        let second = try await open()
        await gate.arrivals(2)
        try await second.redeliver(2)
        gate.open()
        try await second.caughtUp()
        #expect(journal.lines.filter { $0 != "3" }.sorted() == ["1", "2"])
        #expect(try await second.deadLetters().isEmpty)
        await second.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a dead letter that is discarded is gone`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let billing = try await store.subscribe("billing", retry: .immediate(attempts: 1)) {
            On(OrderPlaced.self) { Handle { _ in throw Refused() } }
        }
        try await store.publish(OrderPlaced(id: 1))
        try await billing.caughtUp()
        try await billing.discard(1)
        #expect(try await billing.deadLetters().isEmpty)
        let error = await #expect(throws: EventStoreError.self) { try await billing.discard(1) }
        #expect(error?.code == .noDeadLetter)
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `an attempt is recorded before its handler runs`(store: StoreUnderTest) async throws {
        let (store, _) = try await store()
        let gate = Gate()
        let billing = try await store.subscribe("billing", retry: .immediate(attempts: 3)) {
            On(OrderPlaced.self) { Handle { _ in await gate.waitIgnoringCancellation() } }
        }
        try await store.publish(OrderPlaced(id: 1))
        await gate.arrivals(1)
        // As if the process ended here: what the store knows is all that is left.
        await store.close("billing", as: billing.claim)
        let record = try #require(try await store.record(of: "billing"))
        #expect(record.position == 0 && record.attempts[1]?.count == 1 && record.attempts[1]?.retryAt == nil)
        gate.open()
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `an event that ends the process in every attempt is a dead letter in the end`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store()
        let gate = Gate()
        let attempts = Locked<[Int]>([])
        func open() async throws -> DurableSubscription {
            try await store.subscribe("billing", retry: .immediate(attempts: 2)) {
                On(OrderPlaced.self) {
                    Handle { _ in
                        attempts.withLock { $0.append(Delivery.current?.attempt ?? 0) }
                        await gate.waitIgnoringCancellation()
                    }
                }
            }
        }
        for attempt in 1...2 {
            let process = try await open()
            if attempt == 1 { try await store.publish(OrderPlaced(id: 1)) }
            await gate.arrivals(attempt)
            let report = await process.stop(deadline: .zero)
            #expect(report.interrupted == [1])
        }
        let last = try await open()
        try await last.caughtUp()
        #expect(attempts.withLock { $0 } == [1, 2])
        #expect(try await last.deadLetters().map(\.reason) == [.processEnded])
        gate.open()
        await last.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `events that were under way when a process ended are delivered one at a time`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store()
        let (gate, journal) = (Gate(), Journal())
        let first = try await store.subscribe("billing", order: .inOrder(per: \OrderPlaced.id, atOnce: 4)) {
            On(OrderPlaced.self) { Handle { _ in await gate.waitIgnoringCancellation() } }
        }
        try await store.publish((1...6).map { OrderPlaced(id: $0) })
        await gate.arrivals(4)
        // As if the process ended here: what the store knows is all that is left.
        await store.close("billing", as: first.claim)
        let turns = Gate()
        let running = Locked(0)
        let second = try await store.subscribe("billing", order: .inOrder(per: \OrderPlaced.id, atOnce: 4)) {
            On(OrderPlaced.self) {
                Handle { order in
                    let beside = running.withLock { running in
                        defer { running += 1 }
                        return running
                    }
                    journal.write("\(order.id) \(Delivery.current?.attempt ?? 0) beside \(order.id < 5 ? beside : 0)")
                    if order.id < 5 { await Task.yield() } else { try await turns.wait() }
                    running.withLock { $0 -= 1 }
                }
            }
        }
        await turns.arrivals(2)
        let suspects = (1...4).map { "\($0) 2 beside 0" }
        #expect(
            Array(journal.lines.prefix(4)) == suspects
                && Set(journal.lines.suffix(2)) == ["5 1 beside 0", "6 1 beside 0"]
        )
        turns.open()
        try await second.caughtUp()
        await second.stop()
        gate.open()
        await first.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `events that waited for a block that is gone are dead letters and later ones are not`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store(.whenDelivered)
        let journal = Journal()
        let old = try await store.subscribe("billing") {
            On(OrderPlaced.self) { Handle { _ in } }
            On(OrderPaid.self) { Handle { _ in } }
        }
        try await old.caughtUp()
        await old.stop()
        try await store.publish([OrderPlaced(id: 1), OrderPaid(id: 2, customer: "c"), OrderPlaced(id: 3)])
        func open() async throws -> DurableSubscription {
            try await store.subscribe("billing") {
                On(OrderPaid.self) { Handle { order in journal.write("\(order.id)") } }
            }
        }
        let new = try await open()
        try await new.caughtUp()
        try await store.publish([OrderPlaced(id: 4), OrderPaid(id: 5, customer: "c")])
        try await new.caughtUp()
        await new.stop()
        try await store.publish([OrderPlaced(id: 6), OrderPaid(id: 7, customer: "c")])
        let again = try await open()
        try await again.caughtUp()
        #expect(journal.lines == ["2", "5", "7"])
        let letters = try await again.deadLetters()
        #expect(letters.map(\.sequence) == [1, 3] && letters.allSatisfy { $0.reason == .unknownName })
        #expect(try await again.status.position == 7)
        await again.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `dead letters are listed and redelivered and discarded without the subscription`(
        store: StoreUnderTest
    ) async throws {
        let (store, _) = try await store()
        let isBroken = Locked(true)
        let journal = Journal()
        let billing = try await store.subscribe("billing", retry: .immediate(attempts: 1)) {
            On(OrderPlaced.self) {
                Handle { order in
                    if isBroken.withLock({ $0 }) { throw Refused() }
                    journal.write("\(order.id)")
                }
            }
        }
        try await store.publish((1...5).map { OrderPlaced(id: $0) })
        try await billing.caughtUp()
        #expect(try await store.deadLetters(of: "billing").map(\.sequence) == [1, 2, 3, 4, 5])
        #expect(try await billing.deadLetters(after: 1, limit: 2).map(\.sequence) == [2, 3])
        isBroken.withLock { $0 = false }
        try await store.redeliver(2, of: "billing")
        try await store.discard(3, of: "billing")
        try await billing.caughtUp()
        #expect(journal.lines == ["2"])
        #expect(try await store.deadLetters(of: "billing").map(\.sequence) == [1, 4, 5])
        #expect(try await store.status(of: "billing").dead == 3)
        let error = await #expect(throws: EventStoreError.self) { try await store.redeliver(2, of: "billing") }
        #expect(error?.code == .noDeadLetter && error?.message.contains("'billing' has no dead letter 2") == true)
        await billing.stop()
    }

    @Test(arguments: StoreUnderTest.all)
    func `a store tells the status of a subscription that nobody delivers`(store: StoreUnderTest) async throws {
        let (store, clock) = try await store()
        let billing = try await store.subscribe("billing", retry: .constant(.seconds(5), attempts: 9), jitter: 0) {
            On(OrderPlaced.self) { Handle { _ in throw Refused() } }
        }
        try await store.publish((1...3).map { OrderPlaced(id: $0) })
        await clock.sleepers(1)
        await billing.stop()
        clock.advance(by: .seconds(2))
        let status = try await store.status(of: "billing")
        #expect(status.retrying.map(\.sequence) == [1] && status.waiting == 2 && status.inFlight == 0)
        #expect(status.lag == .seconds(2) && status.position == 0 && status.deliverer == .nobody)
        #expect(try await store.subscriptions() == ["billing"])
        let error = await #expect(throws: EventStoreError.self) { try await store.status(of: "shipping") }
        #expect(error?.code == .noSubscription && error?.message.contains("'shipping'") == true)
    }
}
