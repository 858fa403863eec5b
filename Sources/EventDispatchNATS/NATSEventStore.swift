#if NATS
    import EventDispatch
    import EventDispatchStore
    import Foundation

    /// A store of events in a stream of NATS JetStream, for programs on many machines.
    ///
    /// ```swift
    /// let store = try await NATSEventStore(NATSOptions("nats://127.0.0.1:4222"), stream: "shop")
    /// ```
    ///
    /// `publish` returns when the server has acknowledged the event. Programs in other languages read and publish the same stream: events are
    /// CloudEvents 1.0 in binary mode, on the subjects `shop.storedName.routingValue…`. A subscription in order is delivered by one process at a
    /// time, and another takes over when that one ends; one with `.concurrent` is delivered by all processes that have opened it.
    ///
    /// Beside the stream there are three others, which the store makes: `shop-subscriptions`, `shop-letters` and `shop-claims`.
    public final class NATSEventStore: EventStore {
        /// What tells the time.
        public let clock: StoreClock
        /// Who publishes.
        public let source: String
        /// The name of the stream.
        public let stream: String
        let connection: NATSConnection
        let subjects: EventSubjects
        let publishing = StoreThread("NATS.publishing")
        /// Reads for deliveries.
        private let reader: EventReader
        /// Reads for people and programs that look at the store; it may take longer.
        private let inspector: EventReader
        let inspecting = StoreThread("NATS.letters")
        private let keeper: SubscriptionKeeper
        private let sharing: SubscriptionSharing
        let jetStream: JetStream
        private let letters: DeadLetters
        private let takeover: Duration
        private let retention: Retention
        private let claims = StoreClaims<Hold>()
        private let watch = Locked<Task<Void, Never>?>(nil)

        /// How this process has a subscription.
        private enum Hold: Sendable {
            /// For itself.
            case alone
            /// With others.
            case shared(SharedSubscription)

            var shared: SharedSubscription? { if case .shared(let shared) = self { shared } else { nil } }
        }

        /// Connects to a server, and makes the streams of the store, or checks those that are there.
        ///
        /// - Parameters:
        ///   - options: how to reach the server, and as whom.
        ///   - stream: the name of the stream, and the first token of its subjects.
        ///   - retention: how long events are kept.
        ///   - replicas: how many servers of a cluster keep each event. With one, an event is lost with its server's disk, and one that loses
        ///     power can lose the last two minutes.
        ///   - duplicates: for how long the server knows the IDs of events: within that, publishing again with the same ID stores an event once.
        ///   - takeover: after which time without a sign of life another process takes a subscription over.
        ///   - source: who publishes, as a URI, for the `source` of events; the stream's name by default.
        ///   - clock: tells the time.
        /// - Throws: `EventStoreError`: with the code `.unavailable` when no server answers, `.notPermitted` when it doesn't let the program in,
        ///   `.otherConfiguration` when a stream is there that isn't as the store needs it.
        public init(
            _ options: NATSOptions,
            stream: String,
            retention: Retention = .whenDelivered,
            replicas: Int = 1,
            duplicates: Duration = .seconds(120),
            takeover: Duration = .seconds(10),
            source: String? = nil,
            clock: StoreClock = .system
        ) async throws(EventStoreError) {
            let isNamed = !stream.isEmpty && stream == EventSubjects.token(stream) && !stream.contains("%")
            guard isNamed else {
                throw EventStoreError(.otherConfiguration, "'\(stream)' can't be the name of a stream")
            }
            (self.stream, self.clock, self.source) = (stream, clock, source ?? stream)
            (self.takeover, self.retention) = (takeover, retention)
            subjects = EventSubjects(prefix: stream)
            let wakes = Locked<(@Sendable () -> Void)?>(nil)
            let connecting = StoreThread("NATS.connecting")
            connection = try await connecting.perform { () throws(EventStoreError) in
                try NATSConnection(options) { wakes.withLock { $0 }?() }
            }
            jetStream = JetStream(connection: connection)
            letters = DeadLetters(stream: stream + "-letters", jetStream: jetStream, subjects: subjects)
            let owner = UUID().uuidString
            let records = SubscriptionRecords(stream: stream + "-subscriptions", jetStream: jetStream, owner: owner)
            let claims = SubscriptionClaims(stream: stream + "-claims", jetStream: jetStream, owner: owner)
            let plans = [
                StreamPlan(name: stream, subjects: [subjects.all], replicas: replicas, duplicates: duplicates),
                letters.plan(replicas: replicas),
                records.plan(replicas: replicas),
                claims.plan(lifetime: takeover, replicas: replicas),
            ]
            try await connecting.perform { [jetStream] () throws(EventStoreError) in
                for plan in plans { try plan.prepare(jetStream) }
            }
            reader = EventReader("reader", jetStream, stream, subjects)
            inspector = EventReader("inspector", jetStream, stream, subjects)
            sharing = SubscriptionSharing(
                stream: stream,
                jetStream: jetStream,
                records: records,
                claims: claims,
                letters: letters,
                subjects: subjects,
                lease: takeover
            )
            keeper = SubscriptionKeeper(records, claims, letters, sharing)
            wakes.withLock { $0 = { [weak self] in self?.notify(.appended) } }
            let watching = Task.detached { [weak self] in
                var round = 0
                var seen = Seen()
                while await SystemSleeps.continuous.sleep(until: .now.advanced(by: Self.pause)) {
                    round += 1
                    guard let self else { return }
                    await self.look(round, &seen)
                }
            }
            watch.withLock { $0 = watching }
            StoreThread("NATS.renewing").run(every: takeover / 4) { [weak self] in
                guard let self else { return false }
                for hold in self.claims.holds { hold.shared?.renew() }
                keeper.renewClaimsSoon()
                return true
            }
        }

        deinit { watch.withLock { $0 }?.cancel() }

        /// The state of the connection.
        public var connectionState: NATSConnectionState { connection.state }

        /// How many bytes have come from the server; for tests of what it leaves out.
        package var receivedBytes: UInt64 { connection.receivedBytes }
    }

    // What other processes do, and what has to be done from time to time.

    extension NATSEventStore {
        /// How often the store looks at what other processes have done.
        private static let pause = Duration.milliseconds(100)

        private struct Seen {
            var event: Int64?
            var letter: Int64?
        }

        private func look(_ round: Int, _ seen: inout Seen) async {
            guard !claims.isEmpty, connection.state == .connected else { return }
            do throws(EventStoreError) {
                let last = try await inspecting.perform { [jetStream, stream] () throws(EventStoreError) in
                    try jetStream.state(of: stream).last
                }
                if last != seen.event {
                    seen.event = last
                    notify(.appended)
                }
            } catch {
                // They read, and end.
                if error.code == .streamGone { notify(.appended) }
            }
            if round % 5 == 0 {
                let last = try? await inspecting.perform { [jetStream, letters] () throws(EventStoreError) in
                    try jetStream.state(of: letters.stream).last
                }
                if let last, last != seen.letter {
                    seen.letter = last
                    for hold in claims.holds { hold.shared?.expectLetters() }
                    notify(.returned)
                }
                // Who stands by may also wait until the other has caught up, so it looks whether or not the claim is gone.
                claims.notify(.released) { $0 == nil || $0?.shared != nil }
            }
            if round % 20 == 0 { try? await forgetEvents() }
        }

        /// Forgets events that every subscription is done with and whose time is over.
        package func forgetEvents() async throws(EventStoreError) {
            guard retention != .forever, let position = try await keeper.positions().min() else { return }
            var end = position + 1
            if case .for(let duration) = retention {
                // Times are stored in whole microseconds: the first event whose time isn't over.
                let time = StoreTime(sinceEpoch: clock.now.sinceEpoch - duration + .microseconds(1))
                end = min(end, try await inspector.position(of: .time(time)) + 1)
            }
            try await inspecting.perform { [jetStream, stream, end] () throws(EventStoreError) in
                guard try jetStream.state(of: stream).first < end else { return }
                try jetStream.purge(stream, before: end)
            }
        }

        func notify(_ notice: StoreNotice) { claims.notify(notice) { $0 != nil } }
    }

    extension NATSEventStore {
        /// Claims a subscription, and makes it when it is new.
        public func open(
            _ name: String,
            as claim: ClaimID,
            from start: StartingPoint,
            notify: @escaping @Sendable (StoreNotice) -> Void
        ) async throws(EventStoreError) -> SubscriptionRecord? {
            try claims.begin(name, as: claim, notify: notify)
            do throws(EventStoreError) {
                let record = try await keeper.open(name) { [reader] () async throws(EventStoreError) in
                    try await reader.position(of: start)
                }
                guard let record else { return nil }
                if claims.hold(name, as: claim, by: .alone) { return record }
                // It was closed meanwhile.
                await keeper.close(name)
                return nil
            } catch {
                await close(name, as: claim)
                throw error
            }
        }

        /// Opens a subscription whose events the server hands out, each to one of the processes that have opened it.
        public func share(
            _ name: String,
            as claim: ClaimID,
            from start: StartingPoint,
            _ interest: EventInterest,
            notify: @escaping @Sendable (StoreNotice) -> Void
        ) async throws(EventStoreError) -> (any SharedDeliveries)? {
            try claims.begin(name, as: claim, notify: notify)
            do throws(EventStoreError) {
                let shared = try await inspector.open(name, from: start, interest, sharing)
                shared.whenClosed { [weak self] in _ = self?.claims.end(name, as: claim) }
                _ = claims.hold(name, as: claim, by: .shared(shared))
                return shared
            } catch {
                _ = claims.end(name, as: claim)
                throw error
            }
        }

        /// Gives a claim up, or the wait for one.
        public func close(_ name: String, as claim: ClaimID) async {
            if claims.end(name, as: claim) != nil { await keeper.close(name) }
        }

        /// Reads wanted events after a sequence.
        public func read(
            after sequence: Int64,
            limit: Int,
            _ interest: EventInterest
        ) async throws(EventStoreError) -> EventBatch {
            try await reader.read(after: sequence, limit: limit, interest)
        }

        /// The subjects that the server sends: nothing else crosses the wire.
        public func filters(of name: String, _ interest: EventInterest) async throws(EventStoreError) -> [String] {
            let isShared = claims.hold(of: name)?.shared != nil
            return isShared ? [subjects.common(interest)] : subjects.filters(for: interest)
        }

        /// The events of some sequences, as far as they are stored.
        public func events(at sequences: [Int64]) async throws(EventStoreError) -> [StoredEvent] {
            sequences.isEmpty ? [] : try await reader.events(at: sequences)
        }

        /// How many wanted events stand after a sequence, and when the first of them was published.
        public func backlog(
            after sequence: Int64,
            _ interest: EventInterest
        ) async throws(EventStoreError) -> (count: Int, oldest: StoreTime?) {
            try await inspector.backlog(after: sequence, interest)
        }

        /// Saves what has become of events of a subscription.
        ///
        /// - Throws: `EventStoreError`, with the code `.leaseLost` when another process has taken the subscription over.
        public func save(_ changes: [SubscriptionChange], of name: String) async throws(EventStoreError) {
            try await keeper.save(changes, of: name)
            guard changes.contains(where: { if case .returned = $0 { true } else { false } }) else { return }
            claims.notify(.returned, of: name)
        }

        /// The names of all subscriptions, sorted.
        public func subscriptions() async throws(EventStoreError) -> [String] { try await keeper.names() }

        /// Who delivers a subscription now.
        public func deliverer(of name: String) async throws(EventStoreError) -> Deliverer {
            if claims.hold(of: name)?.shared != nil { return .here }
            return try await keeper.deliverer(of: name)
        }

        /// What is known of a subscription.
        public func record(of name: String) async throws(EventStoreError) -> SubscriptionRecord? {
            try await keeper.record(of: name)
        }

        /// The dead letters of a subscription, in the order of their events.
        public func deadLetters(
            of name: String,
            after sequence: Int64,
            limit: Int
        ) async throws(EventStoreError) -> [DeadLetter] {
            let kept = try await inspecting.perform { [letters] () throws(EventStoreError) in
                try letters.kept(of: name)
            }
            return Array(kept.lazy.filter { $0.sequence > sequence }.prefix(limit))
        }

        /// How many dead letters a subscription has.
        public func deadLetterCount(of name: String) async throws(EventStoreError) -> Int {
            try await inspecting.perform { [letters] () throws(EventStoreError) in try letters.count(of: name) }
        }

        /// Forgets a subscription.
        public func forget(_ name: String) async throws(EventStoreError) { try await keeper.forget(name) }
    }
#endif
