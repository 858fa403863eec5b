#if NATS
    import EventDispatch
    import EventDispatchNATS
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import TestSupport
    import Testing

    /// What the server leaves out, so that it doesn't cross the wire.
    @Suite(.enabled(if: NATSServer.sharedURL != nil), .timeLimit(.minutes(10))) struct PushdownTests {
        private let stream = "test-\(UUID().uuidString)"

        private func store() async throws -> NATSEventStore {
            try await NATSEventStore(NATSOptions(try #require(NATSServer.sharedURL)), stream: stream)
        }

        private struct Parcel: StorableEvent {
            static let storedName = "shop.parcel"
            let region: String, weight: Int
            var load = String(repeating: "x", count: 1_000)

            struct MatchKeys: MatchKeySet {
                let region = Key(\.region)
                let weight = Key(\.weight)
            }

            static let routingKeys: [RoutingKey<Self>] = [.init(\.region)]
        }

        /// The same events as a later release has them.
        private struct WeighedParcel: StorableEvent {
            static let storedName = "shop.parcel"
            let region: String, weight: Int

            struct MatchKeys: MatchKeySet {
                let region = Key(\.region)
                let weight = Key(\.weight)
            }

            static let routingKeys: [RoutingKey<Self>] = [.init(\.region), .init(\.weight)]
        }

        private struct PlainParcel: StorableEvent {
            static let storedName = "shop.parcel"
            let region: String, weight: Int
            var load = ""
        }

        @Test func `of a thousand regions only the one that is wanted crosses the wire`() async throws {
            let publisher = try await store()
            for start in stride(from: 0, to: 1_000, by: 250) {
                try await publisher.publish((start..<start + 250).map { Parcel(region: "region \($0)", weight: $0) })
            }
            let store = try await store()
            let handled = Locked<[Int]>([])
            let before = store.receivedBytes
            let parcels = try await store.subscribe("parcels", from: .beginning) {
                On(Parcel.self) {
                    Where(\.region == "region 7")
                    Handle { parcel in handled.withLock { $0.append(parcel.weight) } }
                }
            }
            try await parcels.caughtUp()
            #expect(handled.withLock { $0 } == [7])
            // All are more than 1,000,000 bytes. Besides the one there are the server's answers, of a few hundred bytes each, as long as it
            // takes.
            let received = store.receivedBytes - before
            #expect(received < 500_000, "\(received)")
            await parcels.stop()
        }

        @Test func `events of other names do not cross the wire`() async throws {
            let publisher = try await store()
            for start in stride(from: 0, to: 1_000, by: 250) {
                try await publisher.publish((start..<start + 250).map { Parcel(region: "eu", weight: $0) })
            }
            try await publisher.publish(OrderPlaced(id: 1))
            let store = try await store()
            let before = store.receivedBytes
            let orders = try await store.subscribe("orders", from: .beginning) {
                On(OrderPlaced.self) { Handle { _ in } }
            }
            try await orders.caughtUp()
            let received = store.receivedBytes - before
            #expect(received < 500_000, "\(received)")
            await orders.stop()
        }

        @Test(arguments: [DeliveryOrder.inOrder, .concurrent(4)])
        func `events that were stored before their type had a routing key are delivered too`(
            order: DeliveryOrder
        ) async throws {
            let store = try await store()
            try await store.publish(PlainParcel(region: "eu", weight: 1))
            try await store.publish(Parcel(region: "eu", weight: 2))
            try await store.publish(Parcel(region: "us", weight: 3))
            let handled = Locked<[Int]>([])
            let parcels = try await store.subscribe("parcels", from: .beginning, order: order) {
                On(WeighedParcel.self) {
                    Where(\.region == "eu")
                    Handle { parcel in handled.withLock { $0.append(parcel.weight) } }
                }
            }
            try await store.publish(WeighedParcel(region: "eu", weight: 4))
            try await parcels.caughtUp()
            #expect(handled.withLock { $0.sorted() } == [1, 2, 4])
            await parcels.stop()
        }

        private struct RegionalParcel: StorableEvent {
            static let storedName = "shop.parcel"
            let region: String, weight: Int

            struct MatchKeys: MatchKeySet {
                let region = Key(\.region)
            }

            static let routingKeys: [RoutingKey<Self>] = [.init(\.region)]
        }

        @Test(arguments: [DeliveryOrder.inOrder, .concurrent(4)])
        func `events that other releases publish with other routing keys are delivered too`(
            order: DeliveryOrder
        ) async throws {
            let store = try await store()
            try await store.publish(RegionalParcel(region: "eu", weight: 1))
            let handled = Locked<[Int]>([])
            let parcels = try await store.subscribe("parcels", from: .beginning, order: order) {
                On(RegionalParcel.self) {
                    Where(\.region == "eu")
                    Handle { parcel in handled.withLock { $0.append(parcel.weight) } }
                }
            }
            try await parcels.caughtUp()
            try await store.publish(PlainParcel(region: "eu", weight: 2))
            try await store.publish(WeighedParcel(region: "eu", weight: 3))
            try await parcels.caughtUp()
            #expect(handled.withLock { $0.sorted() } == [1, 2, 3])
            await parcels.stop()
        }

        @Test func `events of several subjects are delivered in the order of the stream`() async throws {
            let store = try await store()
            for id in 0..<300 {
                let regions = ["eu", "us", "as"]
                try await store.publish(Parcel(region: regions[id % 3], weight: id))
                if id % 50 == 0 { try await store.publish(PlainParcel(region: "eu", weight: 1_000 + id)) }
            }
            let handled = Locked<[Int]>([])
            let parcels = try await store.subscribe("parcels", from: .beginning) {
                On(Parcel.self) {
                    Where(\.region, in: ["eu", "us"])
                    Handle { _ in handled.withLock { $0.append(Int(Delivery.current?.sequence ?? 0)) } }
                }
            }
            try await parcels.caughtUp()
            #expect(handled.withLock { $0 } == handled.withLock { $0.sorted() })
            #expect(handled.withLock { $0.count } == 206)
            await parcels.stop()
        }

        @Test(arguments: [DeliveryOrder.inOrder, .concurrent(4)])
        func `an explanation says what the server leaves out and what is left for the process`(
            order: DeliveryOrder
        ) async throws {
            let store = try await store()
            let parcels = try await store.subscribe("parcels", from: .beginning, order: order) {
                On(Parcel.self) {
                    Where(\.region == "eu")
                    Where(\.weight > 10)
                    Handle("weigh") { _ in }
                }
            }
            let heavy = try await parcels.explain(Parcel(region: "eu", weight: 11))
            let name = "\(stream).shop.parcel"
            let isShared = heavy.storeFilters == ["\(stream).shop.>"]
            #expect(isShared || heavy.storeFilters == ["\(name).eu", name, "\(name).*.>"])
            #expect(heavy.isWanted && heavy.handlers.matched.count == 1)
            let light = try await parcels.explain(Parcel(region: "eu", weight: 9))
            #expect(light.isWanted && light.handlers.matched.isEmpty)
            #expect("\(light)".contains("weight > 10"))
            let foreign = try await parcels.explain(Parcel(region: "us", weight: 11))
            #expect(!foreign.isWanted && "\(foreign)".contains("isn't among them"))
            await parcels.stop()
        }

        @Test func `events are read in order while others publish`() async throws {
            let store = try await store()
            let publishing = Task {
                for id in 0..<600 {
                    let region = ["eu", "us", "as"][id % 3]
                    try await store.publish(Parcel(region: region, weight: id, load: ""))
                }
            }
            let handled = Locked<[Int]>([])
            let parcels = try await store.subscribe("parcels", from: .beginning) {
                On(Parcel.self) {
                    Where(\.region, in: ["eu", "us"])
                    Handle { parcel in handled.withLock { $0.append(parcel.weight) } }
                }
            }
            try await publishing.value
            try await parcels.caughtUp()
            #expect(handled.withLock { $0 } == (0..<600).filter { $0 % 3 < 2 })
            await parcels.stop()
        }
    }
#endif
