#if NATS
    import EventDispatchStore
    import Foundation

    /// Keeps what subscriptions have done, and says who delivers each.
    ///
    /// A subscription is one message of a stream, the *record*, which is written as a whole: so all of a save is stored or none. Who delivers
    /// it is another message, the *claim*, in a stream whose messages go after a while; a claim is written again and again as long as its
    /// process lives. Each record names the claimant that wrote it, and is written on condition that nobody else has: one that has lost its
    /// claim without knowing it is refused.
    actor SubscriptionKeeper {
        private struct Held {
            var record: SubscriptionRecord
            /// The sequence of the record's message.
            var written: Int64
            /// The sequence of the claim's message.
            var claim: Int64
        }

        private let thread = StoreThread("NATS.keeper")
        private let jetStream: JetStream
        private let records: String
        private let claims: String
        private let letters: DeadLetters
        /// The claimant: this store, and no other in this process or elsewhere.
        private let owner = UUID().uuidString
        private var held: [String: Held] = [:]

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        init(_ jetStream: JetStream, records: String, claims: String, _ letters: DeadLetters) {
            (self.jetStream, self.records, self.claims, self.letters) = (jetStream, records, claims, letters)
        }

        /// Claims a subscription, and makes it when it is new.
        ///
        /// - Returns: what is known of it; nil while another process has it.
        func open(
            _ name: String,
            from start: @Sendable () async throws(EventStoreError) -> Int64
        ) async throws(EventStoreError) -> SubscriptionRecord? {
            guard let claim = try claim(name) else { return nil }
            do throws(EventStoreError) {
                // Read after the claim: until then another process may have written.
                let found = try load(name)
                var position = found?.record.position ?? 0
                if found == nil { position = try await start() }
                var record = found?.record ?? SubscriptionRecord(position: position)
                record.returned = try letters.all(of: name).returned.map(\.event)
                var opened = Held(record: record, written: found?.written ?? 0, claim: claim)
                try write(&opened, name)
                held[name] = opened
                return record
            } catch {
                try? jetStream.delete(claim, of: claims)
                throw error
            }
        }

        /// Gives a claim up.
        func close(_ name: String) {
            guard let claim = held.removeValue(forKey: name)?.claim else { return }
            // One that isn't deleted goes by itself.
            try? jetStream.delete(claim, of: claims)
        }

        /// Whether nobody has a subscription.
        func isFree(_ name: String) throws(EventStoreError) -> Bool {
            try jetStream.last(on: claimSubject(name), of: claims) == nil
        }

        /// Who delivers a subscription.
        func deliverer(of name: String) throws(EventStoreError) -> Deliverer {
            if held[name] != nil { return .here }
            return try isFree(name) ? .nobody : .elsewhere
        }

        /// Writes all claims again, so that they don't go.
        func renewClaims() throws(EventStoreError) {
            for (name, subscription) in held {
                if let claim = try claim(name, renewing: subscription.claim) { held[name]?.claim = claim }
            }
        }

        private func claimSubject(_ name: String) -> String { "\(claims).\(EventSubjects.token(name))" }

        /// Writes a claim, unless somebody else has one.
        private func claim(_ name: String, renewing last: Int64? = nil) throws(EventStoreError) -> Int64? {
            let subject = claimSubject(name)
            let message = try NATSMessage(to: subject, headers: [], data: Data(owner.utf8))
            if let claim = try jetStream.put(message, in: claims, expecting: last.map { .last($0) } ?? .nothing) {
                return claim
            }
            // It may be our own, of which the answer was lost, or be gone by now.
            guard let found = try jetStream.last(on: subject, of: claims) else {
                return try jetStream.put(message, in: claims, expecting: .nothing)
            }
            return String(decoding: found.data, as: UTF8.self) == owner ? found.sequence : nil
        }

        /// The names of all subscriptions, sorted.
        func names() throws(EventStoreError) -> [String] {
            try jetStream.state(of: records, listing: "\(records).>").subjects
                .map { EventSubjects.text($0.dropFirst(records.count + 1)) }.sorted()
        }

        /// What is known of a subscription.
        func record(of name: String) throws(EventStoreError) -> SubscriptionRecord? {
            guard var record = try known(name)?.record else { return nil }
            record.returned = try letters.all(of: name).returned.map(\.event)
            held[name]?.record.returned = record.returned
            return record
        }

        /// The positions of all subscriptions.
        func positions() throws(EventStoreError) -> [Int64] {
            var positions: [Int64] = []
            for name in try names() { if let record = try load(name)?.record { positions.append(record.position) } }
            return positions
        }

        /// Forgets a subscription.
        func forget(_ name: String) throws(EventStoreError) {
            try letters.removeAll(of: name)
            try jetStream.purge(records, subject: recordSubject(name))
        }
    }

    // Saving.

    extension SubscriptionKeeper {
        /// Saves what has become of events of a subscription.
        ///
        /// Letters are stored before the record that is done with their events, and removed after it: whatever ends in between, an event is
        /// in one of both places, and is at worst delivered again.
        func save(_ changes: [SubscriptionChange], of name: String) throws(EventStoreError) {
            guard var subscription = try known(name) else { return }
            let returned = Set(subscription.record.returned.map(\.sequence))
            var (isWritten, delivered) = (false, Set<Int64>())
            for change in changes {
                subscription.record.apply(change)
                switch change {
                case .attempted, .interested:
                    isWritten = true
                case .done(_, let sequences):
                    isWritten = true
                    delivered.formUnion(returned.intersection(sequences))
                case .buried(let letter):
                    isWritten = true
                    delivered.remove(letter.sequence)
                    try letters.put(letter, of: name)
                case .returned(let sequence):
                    try letters.markReturned(sequence, of: name)
                case .discarded(let sequence):
                    try letters.remove(sequence, of: name)
                }
            }
            if isWritten {
                try write(&subscription, name)
                if held[name] != nil { held[name] = subscription }
            }
            for sequence in delivered { try letters.remove(sequence, of: name) }
        }

        private func recordSubject(_ name: String) -> String { "\(records).\(EventSubjects.token(name))" }

        private func known(_ name: String) throws(EventStoreError) -> Held? {
            if let subscription = held[name] { return subscription }
            return try load(name)
        }

        private func load(_ name: String) throws(EventStoreError) -> Held? {
            guard let message = try jetStream.last(on: recordSubject(name), of: records) else { return nil }
            guard let stored: WrittenRecord = jsonValue(String(decoding: message.data, as: UTF8.self)) else {
                throw EventStoreError(.corrupt, "the record of '\(name)' in '\(records)' can't be read")
            }
            guard stored.format <= WrittenRecord.format else {
                throw EventStoreError(.wrongVersion, "the record of '\(name)' in '\(records)' is of a later version")
            }
            return Held(record: stored.record, written: message.sequence, claim: 0)
        }

        private func write(_ subscription: inout Held, _ name: String) throws(EventStoreError) {
            let subject = recordSubject(name)
            let text = jsonText(WrittenRecord(subscription.record, owner))
            let message = try NATSMessage(to: subject, headers: [], data: Data(text.utf8))
            for _ in 0..<2 {
                let expected: JetStream.Expectation = subscription.written == 0 ? .nothing : .last(subscription.written)
                if let sequence = try jetStream.put(message, in: records, expecting: expected) {
                    return subscription.written = sequence
                }
                // It may be our own, of which the answer was lost.
                guard let found = try jetStream.last(on: subject, of: records) else {
                    subscription.written = 0
                    continue
                }
                let there: WrittenRecord? = jsonValue(String(decoding: found.data, as: UTF8.self))
                guard there?.owner == owner else { break }
                subscription.written = found.sequence
            }
            throw EventStoreError(.leaseLost, "another process has '\(name)': this one didn't renew its claim in time")
        }
    }

    /// A record as it's stored.
    private struct WrittenRecord: Codable {
        /// The version of the fields.
        static let format = 1

        struct Attempts: Codable {
            let sequence: Int64
            let count: Int
            let began: Int64
            let retryAt: Int64?
            let errors: [String]
        }

        let format: Int
        /// Who has written it.
        let owner: String
        let position: Int64
        let done: [Int64]
        let attempts: [Attempts]
        let interest: EventInterest?

        init(_ record: SubscriptionRecord, _ owner: String) {
            format = Self.format
            self.owner = owner
            position = record.position
            done = record.done.sorted()
            attempts = record.attempts.sorted { $0.key < $1.key }.map { sequence, attempts in
                Attempts(
                    sequence: sequence,
                    count: attempts.count,
                    began: attempts.began.microseconds,
                    retryAt: attempts.retryAt?.microsecondsUp,
                    errors: attempts.errors
                )
            }
            interest = record.interest
        }

        var record: SubscriptionRecord {
            var record = SubscriptionRecord(position: position)
            record.done = Set(done)
            for attempt in attempts {
                record.attempts[attempt.sequence] = AttemptRecord(
                    count: attempt.count,
                    began: StoreTime(microseconds: attempt.began),
                    retryAt: attempt.retryAt.map { StoreTime(microseconds: $0) },
                    errors: attempt.errors
                )
            }
            record.interest = interest
            return record
        }
    }
#endif
