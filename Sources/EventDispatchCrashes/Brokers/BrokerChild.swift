#if SQLite && NATS
    import EventDispatch
    import EventDispatchNATS
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation

    /// A process that publishes to a stream and handles its events, or publishes into a file and forwards to a stream, until it is killed
    /// or told to stop.
    struct BrokerChild: Sendable {
        private let order: BrokerOrder

        init(_ order: BrokerOrder) { self.order = order }

        /// Runs; never returns.
        func run() async -> Never {
            do {
                Line(.opens).tell()
                let (stops, stop) = AsyncStream.makeStream(of: Void.self)
                Thread.detachNewThread {
                    var byte: UInt8 = 0
                    while read(STDIN_FILENO, &byte, 1) == 1 { stop.yield() }
                    _exit(3)
                }
                let broker = try await BrokerRun.store(order.urls, order.stream, order.replicas)
                if let path = order.path {
                    try await forward(SQLiteEventStore(at: path), broker, untilToldBy: stops)
                } else {
                    try await handle(broker, untilToldBy: stops)
                }
                Line(.stopped).tell()
                _exit(0)
            } catch {
                Line(.fault, id: "process \(order.process): \(error)").tell()
                _exit(1)
            }
        }

        private func handle(_ broker: NATSEventStore, untilToldBy stops: AsyncStream<Void>) async throws {
            var subscriptions: [DurableSubscription] = []
            for taker in BrokerOrder.takers {
                subscriptions.append(try await repeating { try await subscribe(taker, in: broker) })
            }
            Line(.ready).tell()
            let publishing = Task { try await publish(in: broker) }
            if !order.finishes { for await _ in stops { break } }
            publishing.cancel()
            try await publishing.value
            for subscription in subscriptions {
                if order.finishes { try await repeating { try await subscription.caughtUp() } }
                await subscription.stop()
            }
        }

        private func forward(
            _ store: SQLiteEventStore,
            _ broker: NATSEventStore,
            untilToldBy stops: AsyncStream<Void>
        ) async throws {
            let forwarding = try await store.forward(to: broker)
            Line(.ready).tell()
            let publishing = Task { try await publish(in: store) }
            if !order.finishes { for await _ in stops { break } }
            publishing.cancel()
            try await publishing.value
            if order.finishes { try await forwarding.caughtUp() }
            await forwarding.stop()
        }

        /// Publishes events one after the other, each until it's acknowledged.
        private func publish(in store: some EventStore) async throws {
            for number in 0..<order.events where !Task.isCancelled {
                let id = order.id(number)
                let sequence = try await repeating { try await store.publish(Parcel(id), id: id) }
                Line(.published, id: id, sequence: Int(sequence)).tell()
                await Task.yield()
            }
        }

        /// Does something again as long as a store fails for the time being.
        private func repeating<Result>(_ body: () async throws -> Result) async throws -> Result {
            while true {
                do {
                    return try await body()
                } catch let error as EventStoreError where error.isTransient {
                    try? await Task.sleep(for: .milliseconds(50))
                }
            }
        }

        private func subscribe(_ taker: Taker, in store: NATSEventStore) async throws -> DurableSubscription {
            // A process that is killed takes an attempt from what it handles. None is to be given up here.
            let retry = RetryPolicy.immediate(attempts: 10_000)
            return try await store.subscribe(taker.rawValue, from: .beginning, order: taker.order, retry: retry) {
                On(Parcel.self) {
                    Handle { parcel in
                        guard let delivery = Delivery.current else { return }
                        let (sequence, attempt) = (Int(delivery.sequence), delivery.attempt)
                        Line(.begins, taker: taker, id: parcel.id, sequence: sequence, attempt: attempt).tell()
                        if Parcel.chance(parcel.id, 10 + UInt64(attempt)) % 16 == 0 {
                            try? await Task.sleep(for: .milliseconds(2))
                        }
                        Line(.ends, taker: taker, id: parcel.id, sequence: sequence, attempt: attempt).tell()
                    }
                }
            }
        }
    }
#endif
