#if NATS
    import EventDispatchStore
    import Foundation

    /// What is known of each subscription: a message of a stream, the *record*, which is written as a whole.
    ///
    /// Each is written on condition that nobody else has written since. It names who wrote it, so that a writer whose answer was lost knows
    /// its own.
    struct SubscriptionRecords: Sendable {
        /// A record, and the sequence of its message; 0 for one that isn't written yet.
        struct Stored: Sendable {
            var record: SubscriptionRecord
            var isShared = false
            var written: Int64 = 0
        }

        let stream: String
        let jetStream: JetStream
        /// Who writes: this store, and no other in this process or elsewhere.
        let owner: String

        /// How the stream has to be.
        func plan(replicas: Int) -> StreamPlan {
            StreamPlan(name: stream, subjects: ["\(stream).>"], mostPerSubject: 1, replicas: replicas)
        }

        private func subject(_ name: String) -> String { "\(stream).\(EventSubjects.token(name))" }

        /// The names of all subscriptions, sorted.
        func names() throws(EventStoreError) -> [String] {
            try jetStream.state(of: stream, listing: "\(stream).>").subjects
                .map { EventSubjects.text($0.dropFirst(stream.count + 1)) }.sorted()
        }

        /// What is known of a subscription; nil when there is none.
        func load(_ name: String) throws(EventStoreError) -> Stored? {
            guard let message = try jetStream.last(on: subject(name), of: stream) else { return nil }
            guard let stored: WrittenRecord = jsonValue(String(decoding: message.data, as: UTF8.self)) else {
                throw EventStoreError(.corrupt, "the record of '\(name)' in '\(stream)' can't be read")
            }
            guard stored.format <= WrittenRecord.format else {
                throw EventStoreError(.wrongVersion, "the record of '\(name)' in '\(stream)' is of a later version")
            }
            return Stored(record: stored.record, isShared: stored.isShared, written: message.sequence)
        }

        /// Writes a record; false when somebody else has written since.
        func write(_ stored: inout Stored, _ name: String) throws(EventStoreError) -> Bool {
            let text = jsonText(WrittenRecord(stored, owner))
            let message = try NATSMessage(to: subject(name), headers: [], data: Data(text.utf8))
            for _ in 0..<2 {
                let expected: JetStream.Expectation = stored.written == 0 ? .nothing : .last(stored.written)
                if let sequence = try jetStream.put(message, in: stream, expecting: expected) {
                    stored.written = sequence
                    return true
                }
                // It may be our own, of which the answer was lost.
                guard let found = try jetStream.last(on: subject(name), of: stream) else {
                    stored.written = 0
                    continue
                }
                let there: WrittenRecord? = jsonValue(String(decoding: found.data, as: UTF8.self))
                guard there?.owner == owner else { return false }
                stored.written = found.sequence
            }
            return false
        }

        /// Forgets a subscription.
        func remove(_ name: String) throws(EventStoreError) { try jetStream.purge(stream, subject: subject(name)) }
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
        /// Whether processes share the subscription; its position is the consumer's then.
        let isShared: Bool
        let position: Int64
        let done: [Int64]
        let attempts: [Attempts]
        let interest: EventInterest?

        init(_ stored: SubscriptionRecords.Stored, _ owner: String) {
            let record = stored.record
            format = Self.format
            self.owner = owner
            isShared = stored.isShared
            position = record.position
            done = record.done.sorted()
            let room = min(Self.mostOfErrors / max(1, record.attempts.count), 16_000)
            attempts = record.attempts.sorted { $0.key < $1.key }.map { sequence, attempts in
                Attempts(
                    sequence: sequence,
                    count: attempts.count,
                    began: attempts.began.microseconds,
                    retryAt: attempts.retryAt?.microsecondsUp,
                    errors: attempts.errors.cut(to: room)
                )
            }
            interest = record.interest
        }

        /// How many bytes of the errors of all attempts are kept. A server refuses messages above a size, and many events can fail at once.
        private static let mostOfErrors = 400_000

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
