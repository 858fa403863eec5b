#if NATS
    import EventDispatch
    import EventDispatchNATS
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import TestSupport
    import Testing

    /// What only the store on NATS does. The contract of all stores is in `EventDispatchStoreTests`.
    @Suite(.enabled(if: NATSServer.sharedURL != nil), .timeLimit(.minutes(10))) struct NATSStoreTests {
        private let stream = "test-\(UUID().uuidString)"

        private func options() throws -> NATSOptions { NATSOptions(try #require(NATSServer.sharedURL)) }

        @Test func `an event is a CloudEvent in binary mode`() async throws {
            let clock = ManualClock()
            let store = try await NATSEventStore(
                options(),
                stream: stream,
                source: "urn:shop:\u{e4}",
                clock: StoreClock(clock)
            )
            clock.advance(by: .milliseconds(1_500))
            try await store.publish(OrderPlaced(id: 7), id: "a b", trace: "00-1-2-01")
            let (headers, data) = try RawClient(options().urls[0]).last(
                on: "\(stream).shop.order%20placed.eu%2Ewest",
                of: stream,
                [
                    "ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time", "ce-traceparent", "content-type",
                    "Nats-Msg-Id",
                ]
            )
            #expect(
                headers == [
                    "1.0", "a%20b", "urn:shop:%C3%A4", "shop.order%20placed", "1970-01-01T00:00:01.500000Z",
                    "00-1-2-01", "application/json", "a%20b",
                ]
            )
            #expect(data == #"{"id":7,"region":"eu.west"}"#)
            let event = try #require(try await store.events(at: [1]).first)
            #expect(event.id == "a b" && event.source == "urn:shop:\u{e4}" && event.routing == ["region": "eu.west"])
            #expect(event.time == StoreTime(sinceEpoch: .milliseconds(1_500)) && event.trace == "00-1-2-01")
        }

        @Test func `an event that another program publishes is delivered`() async throws {
            let store = try await NATSEventStore(options(), stream: stream)
            let delivered = Locked<Delivery?>(nil)
            let gate = Gate()
            let billing = try await store.subscribe("billing") {
                On(OrderPlaced.self) {
                    Handle { _ in
                        delivered.withLock { $0 = Delivery.current }
                        gate.open()
                    }
                }
            }
            try RawClient(options().urls[0]).publish(
                #"{"id":1,"region":"us"}"#,
                to: "\(stream).shop.order%20placed.us",
                [
                    "ce-specversion": "1.0", "ce-id": "p1", "ce-source": "python", "ce-type": "shop.order%20placed",
                    "ce-time": "2026-01-02T03:04:05.25+00:00",
                ]
            )
            await gate.waitIgnoringCancellation()
            let delivery = try #require(delivered.withLock { $0 })
            #expect(delivery.id == "p1" && delivery.sequence == 1)
            #expect(delivery.published == StoreTime(sinceEpoch: .milliseconds(1_767_323_045_250)))
            await billing.stop()
        }

        @Test func `a stream that is not as the store needs it is refused with both sides`() async throws {
            _ = try await NATSEventStore(options(), stream: stream, duplicates: .seconds(120))
            let error = await #expect(throws: EventStoreError.self) {
                try await NATSEventStore(options(), stream: stream, duplicates: .seconds(60))
            }
            #expect(error?.code == .otherConfiguration && error?.isTransient == false)
            let text = "its window of duplicates is 120.0 seconds, and should be 60.0 seconds"
            #expect(error?.message.contains(text) == true && error?.message.contains(stream) == true)
        }

        @Test func `a name that a stream can not have is refused`() async throws {
            for name in ["", "a.b", "a b", "a>", "\u{e4}"] {
                let error = await #expect(throws: EventStoreError.self) {
                    try await NATSEventStore(options(), stream: name)
                }
                #expect(error?.code == .otherConfiguration, "\(name)")
            }
        }

        @Test func `a stream that was deleted is told`() async throws {
            let store = try await NATSEventStore(options(), stream: stream)
            try await store.publish(OrderPlaced(id: 1))
            try RawClient(options().urls[0]).delete(stream)
            let error = await #expect(throws: EventStoreError.self) { try await store.publish(OrderPlaced(id: 2)) }
            #expect(error?.code == .streamGone && error?.isTransient == false)
            #expect(error?.message.contains("'\(stream)'") == true)
        }

        @Test func `an event that is too large is refused`() async throws {
            let store = try await NATSEventStore(options(), stream: stream)
            let region = String(repeating: "a", count: 2 << 20)
            let error = await #expect(throws: EventStoreError.self) {
                try await store.append([
                    StoredEvent(id: "a", name: "b", source: "c", time: store.clock.now, data: Data(region.utf8))
                ])
            }
            #expect(error?.code == .tooLarge && error?.isTransient == false)
        }

        @Test func `messages that are lost on the way are read again`() async throws {
            let store = try await NATSEventStore(options(), stream: stream)
            try await store.publish((1...3).map { OrderPlaced(id: $0) })
            let first = try await store.read(after: 0, limit: 1, .everything)
            #expect(first.events.map(\.sequence) == [1])
            // As if the connection had been lost with it: the server has sent it, and doesn't send it again.
            try RawClient(options().urls[0]).takeOneOfEach(of: stream)
            let error = await #expect(throws: EventStoreError.self) {
                try await store.read(after: 1, limit: 9, .everything)
            }
            #expect(error?.isTransient == true)
            let next = try await store.read(after: 1, limit: 9, .everything)
            #expect(next.events.map(\.sequence) == [2, 3])
        }

        @Test func `an event whose subject is too long is refused and the connection stays`() async throws {
            let store = try await NATSEventStore(options(), stream: stream)
            let event = OrderPlaced(id: 1, region: String(repeating: "x", count: 5_000))
            let error = await #expect(throws: EventStoreError.self) { try await store.publish(event) }
            #expect(error?.code == .tooLarge && error?.isTransient == false)
            #expect(store.connectionState == .connected)
            try await store.publish(OrderPlaced(id: 2, region: String(repeating: "x", count: 3_500)))
        }

        @Test func `of several events none is stored before which one is missing`() async throws {
            let store = try await NATSEventStore(options(), stream: stream)
            var events = (1...9).map { number in
                StoredEvent(id: "\(number)", name: "b", source: "c", time: store.clock.now, data: Data())
            }
            events[4].data = Data(repeating: 0, count: 2 << 20)
            let error = await #expect(throws: EventStoreError.self) { try await store.append(events) }
            #expect(error?.code == .tooLarge && error?.message.contains("'5', event 5 of 9") == true)
            #expect(try await store.events(at: Array(1...9)).map(\.id) == ["1", "2", "3", "4"])
            events[4].data = Data()
            #expect(try await store.append(events) == Array(1...9))
            #expect(try await store.append(events.reversed()) == (1...9).reversed())
        }

        @Test func `events that are published together stand in their order though others publish too`() async throws {
            let (count, size) = (4, 40)
            let stores = try await withThrowingTaskGroup(of: NATSEventStore.self) { group in
                for _ in 0..<count { group.addTask { try await NATSEventStore(options(), stream: stream) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, store) in stores.enumerated() {
                    group.addTask {
                        for batch in 0..<5 {
                            let orders = (0..<size).map { OrderPlaced(id: (number * 5 + batch) * size + $0) }
                            try await store.publish(orders)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let all = try await stores[0].events(at: Array(1...Int64(count * 5 * size)))
            let ids = try all.compactMap { try $0.decoded(as: OrderPlaced.self)?.id }
            #expect(ids.count == count * 5 * size)
            for number in 0..<count {
                let own = number * 5 * size..<(number + 1) * 5 * size
                #expect(ids.filter(own.contains) == Array(own))
            }
        }

        @Test func `another store takes a subscription over when the first gives it up`() async throws {
            let first = try await NATSEventStore(options(), stream: stream)
            let second = try await NATSEventStore(options(), stream: stream)
            let (here, there) = (Gate(isOpen: true), Gate(isOpen: true))
            func open(_ store: NATSEventStore, _ gate: Gate) async throws -> DurableSubscription {
                try await store.subscribe("billing") {
                    On(OrderPlaced.self) { Handle { _ in try await gate.wait() } }
                }
            }
            let delivering = try await open(first, here)
            let standing = try await open(second, there)
            #expect(try await standing.status.deliverer == .elsewhere)
            try await second.publish(OrderPlaced(id: 1))
            await here.arrivals(1)
            try await standing.caughtUp()
            await delivering.stop()
            try await first.publish(OrderPlaced(id: 2))
            await there.arrivals(1)
            #expect(try await first.deliverer(of: "billing") == .elsewhere)
            await standing.stop()
        }

        @Test func `a subscription is taken over when its process gives no sign of life`() async throws {
            let store = try await NATSEventStore(options(), stream: stream, takeover: .seconds(1))
            // The claim of a process that has ended without giving it up.
            try RawClient(options().urls[0]).publish("another", to: "\(stream)-claims.billing", [:])
            let handled = Gate(isOpen: true)
            let billing = try await store.subscribe("billing", from: .beginning) {
                On(OrderPlaced.self) { Handle { _ in try await handled.wait() } }
            }
            try await store.publish(OrderPlaced(id: 1))
            await handled.arrivals(1)
            #expect(try await store.deliverer(of: "billing") == .here)
            await billing.stop()
        }

        @Test func `an event goes when every subscription is done with it and its time is over`() async throws {
            let clock = ManualClock()
            let store = try await NATSEventStore(
                options(),
                stream: stream,
                retention: .for(.seconds(10)),
                clock: StoreClock(clock)
            )
            for name in ["billing", "mailing"] { _ = try await store.open(name, as: ClaimID(), from: .now) { _ in } }
            for id in 1...3 {
                try await store.publish(OrderPlaced(id: id), id: "\(id)")
                clock.advance(by: .seconds(1))
            }
            try await store.save([.done(upTo: 3, [])], of: "billing")
            clock.advance(by: .seconds(7))
            try await store.forgetEvents()
            #expect(try await store.events(at: [1, 2, 3]).map(\.sequence) == [1, 2, 3])
            try await store.save([.done(upTo: 3, [])], of: "mailing")
            try await store.forgetEvents()
            #expect(try await store.events(at: [1, 2, 3]).map(\.sequence) == [2, 3])
            #expect(try await store.publish(OrderPlaced(id: 1), id: "1") == 1, "one that is gone isn't stored again")
            try await store.forget("mailing")
            clock.advance(by: .seconds(9))
            try await store.forgetEvents()
            #expect(try await store.events(at: [1, 2, 3]).isEmpty)
        }

        @Test func `a store that has lost its claim can not save`() async throws {
            let takeover = Duration.seconds(60)
            let first = try await NATSEventStore(options(), stream: stream, takeover: takeover)
            _ = try await first.open("billing", as: ClaimID(), from: .beginning) { _ in }
            // As if the first had been stopped for longer than a claim lasts.
            try RawClient(options().urls[0]).delete("\(stream)-claims")
            let second = try await NATSEventStore(options(), stream: stream, takeover: takeover)
            let record = try await second.open("billing", as: ClaimID(), from: .beginning) { _ in }
            #expect(record != nil)
            let error = await #expect(throws: EventStoreError.self) {
                try await first.save([.done(upTo: 1, [])], of: "billing")
            }
            #expect(error?.code == .leaseLost)
            try await second.save([.done(upTo: 1, [])], of: "billing")
            #expect(try await second.record(of: "billing")?.position == 1)
        }
    }

    /// What becomes of a store whose server fails.
    @Suite(.enabled(if: NATSServer.path != nil), .timeLimit(.minutes(10))) struct NATSFaultTests {
        @Test func `no server is a fault that may go by`() async throws {
            let error = await #expect(throws: EventStoreError.self) {
                try await NATSEventStore(NATSOptions("nats://127.0.0.1:1"), stream: "shop")
            }
            #expect(error?.code == .unavailable && error?.isTransient == true)
            #expect(error?.message.contains("nats://127.0.0.1:1") == true)
        }

        @Test func `who is not let in is told`() async throws {
            let server = try NATSServer(try #require(NATSServer.path), ["--user", "shop", "--pass", "secret"])
            defer { server.kill() }
            var options = NATSOptions(server.url)
            options.credentials = .user("shop", password: "wrong")
            let error = await #expect(throws: EventStoreError.self) {
                try await NATSEventStore(options, stream: "shop")
            }
            #expect(error?.code == .notPermitted && error?.isTransient == false)
            options.credentials = .user("shop", password: "secret")
            let store = try await NATSEventStore(options, stream: "shop")
            #expect(try await store.publish(OrderPlaced(id: 1)) == 1)
        }

        @Test func `a store goes on by itself when its server is back`() async throws {
            let server = try NATSServer(try #require(NATSServer.path))
            defer { server.kill() }
            var options = NATSOptions(server.url)
            options.timeout = .seconds(2)
            options.reconnectPause = .milliseconds(50)
            let store = try await NATSEventStore(options, stream: "shop")
            let handled = Gate(isOpen: true)
            let billing = try await store.subscribe("billing") {
                On(OrderPlaced.self) { Handle { _ in try await handled.wait() } }
            }
            try await store.publish(OrderPlaced(id: 1), id: "a")
            await handled.arrivals(1)
            server.kill()
            let error = await #expect(throws: EventStoreError.self) {
                try await store.publish(OrderPlaced(id: 2), id: "b")
            }
            #expect(error?.code == .unavailable && error?.isTransient == true)
            #expect(store.connectionState == .reconnecting)
            try server.restart()
            while try await !isPublished(OrderPlaced(id: 2), "b", in: store) {}
            await handled.arrivals(2)
            #expect(store.connectionState == .connected)
            await billing.stop()
        }

        private func isPublished(_ order: OrderPlaced, _ id: String, in store: NATSEventStore) async throws -> Bool {
            do {
                try await store.publish(order, id: id)
            } catch {
                guard error.isTransient else { throw error }
                return false
            }
            return true
        }
    }
#endif
