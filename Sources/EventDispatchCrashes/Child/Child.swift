#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation

    /// A process that publishes and handles until it is killed or told to stop.
    struct Child {
        private let order: ChildOrder

        init(_ order: ChildOrder) { self.order = order }

        /// Runs; never returns.
        func run() async -> Never {
            do {
                Line(.opens).tell()
                let (stops, stop) = AsyncStream.makeStream(of: Void.self)
                watchParent { stop.yield() }
                try await work(untilToldBy: stops)
                _exit(0)
            } catch {
                Line(.fault, id: "process \(order.process): \(error)").tell()
                _exit(1)
            }
        }

        private func work(untilToldBy stops: AsyncStream<Void>) async throws {
            let store = try await SQLiteEventStore(at: order.path)
            let publisher = Publisher(order, store)
            if order.publishesEarly { publisher.start() }
            var subscriptions: [DurableSubscription] = []
            for taker in Taker.allCases { subscriptions.append(try await taker.subscribe(in: store)) }
            Line(.ready).tell()
            if !order.publishesEarly { publisher.start() }
            if order.forgets { forget(store) }
            if order.finishes {
                for subscription in subscriptions { try await subscription.caughtUp() }
            } else {
                for await _ in stops { break }
            }
            await stop(subscriptions)
        }

        private func stop(_ subscriptions: [DurableSubscription]) async {
            let deadline: Duration = order.isHasty ? .milliseconds(1) : .seconds(60)
            let isClean = await withTaskGroup(of: Bool.self) { group in
                for subscription in subscriptions {
                    group.addTask {
                        let report = await subscription.stop(deadline: deadline)
                        return report.interrupted.isEmpty && report.unacknowledged.isEmpty
                    }
                }
                return await group.reduce(true) { $0 && $1 }
            }
            Line(isClean ? .stopped : .interrupted).tell()
        }

        /// Forgets events beside everything else, and not once a second only.
        private func forget(_ store: SQLiteEventStore) {
            Task.detached {
                do {
                    while true {
                        try await store.forgetEvents()
                        try await Task.sleep(for: .milliseconds(2))
                    }
                } catch {
                    Line(.fault, id: "forgetting: \(error)").tell()
                }
            }
        }

        /// Stops when the parent writes something, and ends at once when the parent has ended.
        private func watchParent(_ stop: @escaping @Sendable () -> Void) {
            Thread.detachNewThread {
                var byte: UInt8 = 0
                while read(STDIN_FILENO, &byte, 1) == 1 { stop() }
                _exit(3)
            }
        }
    }

    extension Taker {
        /// Opens the subscription, whose handlers tell what they do.
        func subscribe(in store: SQLiteEventStore) async throws -> DurableSubscription {
            try await store.subscribe(rawValue, from: .beginning, order: order, retry: retry) {
                if self == .north {
                    On(Parcel.self) {
                        Where(\.region == "north")
                        Where(\.weight < 50)
                        Handle { parcel in try await handle(parcel) }
                    }
                } else {
                    On(Parcel.self) {
                        Handle { parcel in try await handle(parcel) }
                    }
                }
            }
        }

        private func handle(_ parcel: Parcel) async throws {
            guard let delivery = Delivery.current else { throw CrashError("a handler runs in no delivery") }
            let (id, sequence, attempt) = (delivery.id, Int(delivery.sequence), delivery.attempt)
            Line(.begins, taker: self, id: id, sequence: sequence, attempt: attempt).tell()
            guard id == parcel.id, delivery.subscription == rawValue else {
                return Line(.fault, id: "'\(id)' of '\(delivery.subscription)' is \(parcel.id) in \(self)").tell()
            }
            if parcel.poisoned == self {
                kill(getpid(), SIGKILL)
                while true { pause() }
            }
            switch Parcel.chance(id, 10 + UInt64(attempt)) % 16 {
            case 0: try? await Task.sleep(for: .milliseconds(2))
            case 1..<6: await Task.yield()
            default: break
            }
            if fails(id, attempt: attempt) {
                Line(.fails, taker: self, id: id, sequence: sequence, attempt: attempt).tell()
                throw CrashError("\(id) is refused")
            }
            Line(.ends, taker: self, id: id, sequence: sequence, attempt: attempt).tell()
        }
    }
#endif
