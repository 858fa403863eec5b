#if NATS
    import EventDispatch
    import EventDispatchNATS
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import TestSupport
    import Testing

    /// Subscriptions in no order, which processes share.
    @Suite(.enabled(if: NATSServer.sharedURL != nil), .timeLimit(.minutes(10))) struct SharingTests {
        private let stream = "test-\(UUID().uuidString)"

        private func store(_ takeover: Duration = .seconds(10)) async throws -> NATSEventStore {
            let url = try #require(NATSServer.sharedURL)
            return try await NATSEventStore(NATSOptions(url), stream: stream, takeover: takeover)
        }

        private func client() throws -> RawClient { try RawClient(try #require(NATSServer.sharedURL)) }

        private func subscribe(
            _ store: NATSEventStore,
            _ atOnce: Int = 2,
            retry: RetryPolicy = .immediate(attempts: 3),
            _ handle: @escaping @Sendable (OrderPlaced) async throws -> Void
        ) async throws -> DurableSubscription {
            try await store.subscribe("billing", from: .beginning, order: .concurrent(atOnce), retry: retry) {
                On(OrderPlaced.self) { Handle { order in try await handle(order) } }
            }
        }

        @Test func `processes share the deliveries of a subscription in no order`() async throws {
            let (here, there) = (Gate(), Gate())
            let first = try await subscribe(store()) { _ in try await here.wait() }
            let second = try await subscribe(store()) { _ in try await there.wait() }
            try await store().publish((1...4).map { OrderPlaced(id: $0) })
            // Each takes no more than may begin: so both have two.
            await here.arrivals(2)
            await there.arrivals(2)
            #expect(try await first.status.inFlight == 4)
            #expect(try await first.status.deliverer == .here)
            #expect(try await second.status.deliverer == .here)
            here.open()
            there.open()
            try await first.caughtUp()
            #expect(try await second.status.position == 4)
            await first.stop()
            #expect(try await store().deliverer(of: "billing") == .elsewhere)
            await second.stop()
            #expect(try await store().deliverer(of: "billing") == .nobody)
        }

        @Test func `an event of a process that gives no sign of life is delivered by another`() async throws {
            let first = try await subscribe(store(.seconds(1))) { _ in }
            await first.stop()
            try await store(.seconds(1)).publish(OrderPlaced(id: 1))
            try client().take(from: "billing", of: stream, givingBack: false)
            let attempt = Locked(0)
            let gate = Gate()
            let second = try await subscribe(store(.seconds(1))) { _ in
                attempt.withLock { if $0 == 0 { $0 = Delivery.current?.attempt ?? 0 } }
                gate.open()
            }
            await gate.waitIgnoringCancellation()
            #expect(attempt.withLock { $0 } == 2)
            try await second.caughtUp()
            await second.stop()
        }

        @Test func `an event is held as long as its handlers run`() async throws {
            let here = Gate()
            let twice = Locked(false)
            let first = try await subscribe(store(.seconds(2)), 1) { _ in try await here.wait() }
            try await store(.seconds(2)).publish(OrderPlaced(id: 1))
            await here.arrivals(1)
            let second = try await subscribe(store(.seconds(2)), 1) { _ in twice.withLock { $0 = true } }
            // Claims go after the time that leases have: two, one after the other, take twice that.
            for name in ["a", "b"] {
                try client().publish("another", to: "\(stream)-claims.\(name)", [:])
                let claimed = try await store(.seconds(2)).subscribe(name, from: .beginning) {
                    On(OrderPlaced.self) { Handle { _ in } }
                }
                try await claimed.caughtUp()
                await claimed.stop()
            }
            #expect(!twice.withLock { $0 })
            here.open()
            try await first.caughtUp()
            #expect(!twice.withLock { $0 })
            await first.stop()
            await second.stop()
        }

        @Test func `an event that fails is tried again and is a dead letter in the end`() async throws {
            struct Refused: Error {}
            let attempts = Locked<[Int]>([])
            let fails = Locked(true)
            let billing = try await subscribe(store(), retry: .immediate(attempts: 3)) { _ in
                attempts.withLock { $0.append(Delivery.current?.attempt ?? 0) }
                if fails.withLock({ $0 }) { throw Refused() }
            }
            let store = try await store()
            try await store.publish(OrderPlaced(id: 1), id: "a")
            try await billing.caughtUp()
            #expect(attempts.withLock { $0 } == [1, 2, 3])
            let letter = try #require(try await billing.deadLetters().first)
            #expect(letter.event.id == "a" && letter.attempts == 3 && letter.reason == .attemptsFailed)
            #expect(letter.errors.count == 1 && letter.errors[0].contains("Refused"))
            #expect(try await store.status(of: "billing").dead == 1)
            fails.withLock { $0 = false }
            try await billing.redeliver(letter.sequence)
            try await billing.caughtUp()
            #expect(attempts.withLock { $0 } == [1, 2, 3, 1])
            #expect(try await billing.deadLetters().isEmpty)
            await billing.stop()
        }

        @Test func `an event that ends its process is a dead letter in the end`() async throws {
            let isHandled = Locked(false)
            let first = try await subscribe(store(), retry: .immediate(attempts: 2)) { _ in }
            await first.stop()
            try await store().publish(OrderPlaced(id: 1))
            for _ in 1...2 { try client().take(from: "billing", of: stream, givingBack: true) }
            // What a process writes before it begins with the last attempt.
            try client().publish("another", to: "\(stream)-letters.billing.last.1", [:])
            let second = try await subscribe(store(), retry: .immediate(attempts: 2)) { _ in
                isHandled.withLock { $0 = true }
            }
            try await second.caughtUp()
            let letter = try #require(try await second.deadLetters().first)
            #expect(letter.reason == .processEnded && letter.attempts == 2)
            #expect(!isHandled.withLock { $0 })
            await second.stop()
        }

        @Test func `attempts that others have used up do not take the last one away`() async throws {
            let first = try await subscribe(store(), retry: .immediate(attempts: 2)) { _ in }
            await first.stop()
            try await store().publish(OrderPlaced(id: 1))
            for _ in 1...5 { try client().take(from: "billing", of: stream, givingBack: true) }
            let handled = Locked<[Int]>([])
            let second = try await subscribe(store(), retry: .immediate(attempts: 2)) { order in
                handled.withLock { $0.append(order.id) }
            }
            try await second.caughtUp()
            #expect(handled.withLock { $0 } == [1])
            #expect(try await second.deadLetters().isEmpty)
            await second.stop()
        }

        @Test func `a process that stops gives back what it has not begun and lets the others go on`() async throws {
            let here = Gate()
            let handled = Locked<[Int]>([])
            let first = try await subscribe(store(), 1) { _ in try await here.wait() }
            try await store().publish((1...3).map { OrderPlaced(id: $0) })
            await here.arrivals(1)
            let report = await first.stop(deadline: .zero)
            #expect(report.interrupted.count == 1)
            let second = try await subscribe(store(), 1) { order in handled.withLock { $0.append(order.id) } }
            try await second.caughtUp()
            #expect(handled.withLock { $0.sorted() } == [1, 2, 3])
            await second.stop()
        }

        @Test func `a subscription can not be in order and shared at the same time`() async throws {
            let ordered = try await store().subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
            let error = await #expect(throws: EventStoreError.self) { try await subscribe(store()) { _ in } }
            #expect(error?.code == .otherConfiguration && error?.message.contains("'billing'") == true)
            try await store().publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
            try await ordered.caughtUp()
            await ordered.stop()
            // Afterwards it goes on where it was.
            let handled = Locked<[Int]>([])
            let shared = try await subscribe(store()) { order in handled.withLock { $0.append(order.id) } }
            let other = await #expect(throws: EventStoreError.self) {
                try await store().subscribe("billing") { On(OrderPlaced.self) { Handle { _ in } } }
            }
            #expect(other?.code == .otherConfiguration)
            try await store().publish(OrderPlaced(id: 3))
            try await shared.caughtUp()
            #expect(handled.withLock { $0 } == [3])
            await shared.stop()
            let again = try await store().subscribe("billing") {
                On(OrderPlaced.self) { Handle { order in handled.withLock { $0.append(order.id) } } }
            }
            try await store().publish(OrderPlaced(id: 4))
            try await again.caughtUp()
            #expect(handled.withLock { $0 } == [3, 4])
            await again.stop()
        }

        @Test func `when its consumer is deleted a shared subscription ends and tells why`() async throws {
            let store = try await store()
            let billing = try await subscribe(store) { _ in }
            try await store.publish(OrderPlaced(id: 1))
            try await billing.caughtUp()
            try client().delete(consumer: "billing", of: stream)
            let error = await #expect(throws: EventStoreError.self) {
                while true { try await billing.caughtUp() }
            }
            #expect(error?.code == .noSubscription && error?.isTransient == false)
            #expect(error?.message.contains("'billing'") == true)
            await billing.stop()
        }

        @Test func `a subscription whose name has to be encoded is shared like any other`() async throws {
            let store = try await store()
            let handled = Locked(0)
            let mails = try await store.subscribe("mails, 100 %", from: .beginning, order: .concurrent(2)) {
                On(OrderPlaced.self) { Handle { _ in handled.withLock { $0 += 1 } } }
            }
            try await store.publish(OrderPlaced(id: 1))
            try await mails.caughtUp()
            #expect(handled.withLock { $0 } == 1)
            await mails.stop()
        }

        @Test func `events that all processes together are done with are forgotten`() async throws {
            let store = try await store()
            let billing = try await subscribe(store) { _ in }
            try await store.publish((1...3).map { OrderPlaced(id: $0) })
            try await billing.caughtUp()
            try await store.forgetEvents()
            #expect(try await store.events(at: [1, 2, 3]).isEmpty)
            let gate = Gate()
            let mailing = try await store.subscribe("mailing", order: .concurrent(2)) {
                On(OrderPlaced.self) { Handle { order in if order.id == 4 { try await gate.wait() } } }
            }
            try await store.publish((4...6).map { OrderPlaced(id: $0) })
            await gate.arrivals(1)
            try await store.forgetEvents()
            #expect(try await store.events(at: [4]).count == 1, "one that is delivered stays")
            gate.open()
            try await mailing.caughtUp()
            await mailing.stop()
            await billing.stop()
        }

        @Test func `an event that only another process has a block for is left to it`() async throws {
            struct OrderPaid: StorableEvent {
                static let storedName = "shop.order paid"
                let id: Int
            }
            let old = try await subscribe(store()) { _ in }
            let handled = Gate(isOpen: true)
            let new = try await store().subscribe("billing", order: .concurrent(2)) {
                On(OrderPlaced.self) { Handle { _ in } }
                On(OrderPaid.self) { Handle { _ in try await handled.wait() } }
            }
            try await store().publish((1...8).map { OrderPaid(id: $0) })
            await handled.arrivals(8)
            try await new.caughtUp()
            #expect(try await new.deadLetters().isEmpty)
            await new.stop()
            // With nobody left who knows it, it's a dead letter.
            try await store().publish(OrderPaid(id: 9))
            try await old.caughtUp()
            #expect(try await old.deadLetters().map(\.reason) == [.unknownName])
            await old.stop()
        }

        @Test func `an event that is handed out again to the process that delivers it runs once`() async throws {
            let (gate, second) = (Gate(), Gate())
            let ids = Locked<[Int]>([])
            let billing = try await subscribe(store(), 3) { order in
                ids.withLock { $0.append(order.id) }
                if order.id == 2 { second.open() }
                try await gate.wait()
            }
            try await store().publish(OrderPlaced(id: 1))
            await gate.arrivals(1)
            // As if its lease had run out: the server hands it out again, before later ones.
            try client().tell("-NAK", to: "$JS.ACK.\(stream).billing.1.1.1.0.0")
            try await store().publish(OrderPlaced(id: 2))
            await second.waitIgnoringCancellation()
            #expect(ids.withLock { $0 } == [1, 2])
            gate.open()
            try await billing.caughtUp()
            #expect(ids.withLock { $0 } == [1, 2])
            #expect(try await billing.status.position == 2)
            await billing.stop()
        }

        @Test func `a shared subscription that another store has removed ends with a fault`() async throws {
            let billing = try await subscribe(store()) { _ in }
            let other = try await subscribe(store()) { _ in }
            try await other.remove()
            let store = try await store()
            while try await store.deliverer(of: "billing") == .elsewhere {}
            let error = await #expect(throws: EventStoreError.self) { try await billing.caughtUp() }
            #expect(error?.code == .noSubscription)
        }

        @Test func `a shared subscription that is removed while it asks for nothing ends with a fault`() async throws {
            let gate = Gate()
            let billing = try await subscribe(store(), 1) { _ in await gate.waitIgnoringCancellation() }
            try await store().publish(OrderPlaced(id: 1))
            await gate.arrivals(1)
            try await subscribe(store()) { _ in }.remove()
            gate.open()
            let store = try await store()
            while try await store.deliverer(of: "billing") == .elsewhere {}
            let error = await #expect(throws: EventStoreError.self) { try await billing.caughtUp() }
            #expect(error?.code == .noSubscription)
        }

        @Test func `a shared subscription that was stopped twice at once can be opened at once`() async throws {
            let store = try await store()
            for _ in 1...5 {
                let billing = try await subscribe(store) { _ in }
                async let first = billing.stop()
                await billing.stop()
                let again = try await subscribe(store) { _ in }
                _ = await first
                await again.stop()
            }
        }

        @Test func `a dead letter is redelivered with all attempts though a mark of its last one was left`()
            async throws
        {
            struct Refused: Error {}
            let attempts = Locked(0)
            let billing = try await subscribe(store(), retry: .immediate(attempts: 1)) { _ in
                if attempts.withLock({
                    $0 += 1; return $0
                }) == 1 {
                    throw Refused()
                }
            }
            try await store().publish(OrderPlaced(id: 1))
            try await billing.caughtUp()
            #expect(try await billing.deadLetters().count == 1)
            try client().publish("another", to: "\(stream)-letters.billing.last.1", [:])
            try await billing.redeliver(1)
            try await billing.caughtUp()
            #expect(attempts.withLock { $0 } == 2)
            #expect(try await billing.deadLetters().isEmpty)
            await billing.stop()
        }

        @Test func `a name that no consumer can have is refused and nothing is written of it`() async throws {
            let store = try await store()
            let name = String(repeating: "ж", count: 50)
            let error = await #expect(throws: EventStoreError.self) {
                try await store.subscribe(name, order: .concurrent(2)) { On(OrderPlaced.self) { Handle { _ in } } }
            }
            #expect(error?.code == .otherConfiguration)
            #expect(try await store.subscriptions().isEmpty)
        }

        @Test(arguments: [DeliveryOrder.inOrder, .concurrent(2)])
        func `a message that looks like an answer of the server is an event`(order: DeliveryOrder) async throws {
            let store = try await store()
            let ids = Locked<[Int]>([])
            let billing = try await store.subscribe("billing", from: .beginning, order: order) {
                On(OrderPlaced.self) { Handle { order in ids.withLock { $0.append(order.id) } } }
            }
            let headers = ["Status": "404", "ce-type": "shop.order%20placed"]
            try client().publish("", to: "\(stream).shop.order%20placed.eu", headers)
            try await store.publish(OrderPlaced(id: 2))
            try await billing.caughtUp()
            #expect(ids.withLock { $0 } == [2])
            #expect(try await billing.deadLetters().map(\.sequence) == [1])
            await billing.stop()
        }

        @Test(arguments: [DeliveryOrder.inOrder, .concurrent(2)])
        func `errors that are larger than a message do not end a subscription`(order: DeliveryOrder) async throws {
            struct Refused: Error, CustomStringConvertible { let description: String }
            let store = try await store()
            let text = String(repeating: "é", count: 1 << 20)
            let billing = try await store.subscribe(
                "billing",
                from: .beginning,
                order: order,
                retry: .immediate(attempts: 2)
            ) {
                On(OrderPlaced.self) { Handle { order in if order.id == 1 { throw Refused(description: text) } } }
            }
            try await store.publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
            try await billing.caughtUp()
            let letter = try #require(try await billing.deadLetters().first)
            #expect(letter.sequence == 1 && letter.attempts == 2 && letter.errors.count == 1)
            await billing.stop()
        }
    }
#endif
