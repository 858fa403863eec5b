#if NATS
    import EventDispatch
    import EventDispatchStore
    import Foundation

    /// Subscriptions that processes share: a durable consumer of the server for the events of each, and one for its dead letters that are to
    /// be delivered again. Its calls block; make them on a ``StoreThread``.
    struct SubscriptionSharing: Sendable {
        let stream: String
        let jetStream: JetStream
        let records: SubscriptionRecords
        let claims: SubscriptionClaims
        let letters: DeadLetters
        let subjects: EventSubjects
        /// How long an event is held for a process that gives no sign of life.
        let lease: Duration

        /// The name of a subscription's consumers. The server uses it as a format for the subjects of acknowledgements: a percent sign in it
        /// spoils them all, and no event could be answered.
        private func consumer(_ name: String) -> String {
            EventSubjects.token(name).replacingOccurrences(of: "%", with: "=")
        }

        /// Opens a subscription for this process too; makes it when it is new, or when one process had it for itself and has left nothing
        /// half done.
        ///
        /// - Parameters:
        ///   - name: the subscription's name.
        ///   - position: where a new one begins.
        ///   - interest: the events that this process takes.
        func open(
            _ name: String,
            from position: () throws(EventStoreError) -> Int64,
            _ interest: EventInterest
        ) throws(EventStoreError) -> SharedSubscription {
            // The server's own limit. Nothing is written before it's known that there can be a consumer.
            guard consumer(name).utf8.count <= 255 else {
                throw EventStoreError(
                    .otherConfiguration,
                    "the name '\(name)' is too long to be shared: it takes \(consumer(name).utf8.count) bytes of 255"
                )
            }
            try claims.announce(name)
            do throws(EventStoreError) {
                return try join(name, from: position, interest)
            } catch {
                claims.withdraw(name)
                throw error
            }
        }

        private func join(
            _ name: String,
            from position: () throws(EventStoreError) -> Int64,
            _ interest: EventInterest
        ) throws(EventStoreError) -> SharedSubscription {
            while true {
                var found = try records.load(name)
                if found == nil { found = .init(record: SubscriptionRecord(position: try position())) }
                guard var stored = found else { continue }
                let wasAlone = !stored.isShared && stored.written != 0
                let claim = try wasAlone ? claimFree(stored, name) : nil
                defer { if let claim { claims.release(claim) } }
                if wasAlone {
                    // Somebody else may have begun to share it before the claim.
                    guard try records.load(name)?.written == stored.written else { continue }
                    // Of an earlier time, when a process ended before it could forget them: they don't know what is done.
                    try removeConsumers(name)
                }
                stored.record.interest = try merged(interest, stored, name)
                stored.isShared = true
                // Before the consumer: who opens it at the same time takes the same events in.
                guard try records.write(&stored, name) else { continue }
                let filter = subjects.common(stored.record.interest ?? interest)
                try prepare(name, after: stored.record.position, filter: filter)
                return try SharedSubscription(name, self, interest)
            }
        }

        /// The events that a subscription takes with those of this process: those of others that share it, and of an earlier program as long
        /// as there may be some left.
        private func merged(
            _ interest: EventInterest,
            _ stored: SubscriptionRecords.Stored,
            _ name: String
        ) throws(EventStoreError) -> EventInterest {
            guard let earlier = stored.record.interest, earlier != interest else { return interest }
            if stored.isShared, try !claims.areOthersSharing(name), try isDone(name) { return interest }
            var merged = interest
            merged.parts += earlier.parts.filter { !interest.parts.contains($0) }
            return merged
        }

        private func isDone(_ name: String) throws(EventStoreError) -> Bool {
            guard let state = try jetStream.consumer(consumer(name), of: stream) else { return true }
            return state.waiting == 0 && state.taken == 0
        }

        /// Claims a subscription that a process had for itself, when that has ended and left nothing half done.
        private func claimFree(
            _ stored: SubscriptionRecords.Stored,
            _ name: String
        ) throws(EventStoreError) -> Int64 {
            guard let claim = try claims.claim(name) else {
                throw EventStoreError(
                    .otherConfiguration,
                    "'\(name)' is delivered in order by another process, and can't be shared before that has stopped"
                )
            }
            let record = stored.record
            guard record.attempts.isEmpty, record.done.isEmpty else {
                claims.release(claim)
                throw EventStoreError(
                    .otherConfiguration,
                    "'\(name)' was delivered in order and has events that are half done; let it catch up before it's shared"
                )
            }
            return claim
        }

        /// Ends the sharing of a subscription that one process is to have for itself. The consumers are to be forgotten when that is written.
        ///
        /// - Returns: what is known of it.
        func end(
            _ stored: SubscriptionRecords.Stored,
            _ name: String
        ) throws(EventStoreError) -> SubscriptionRecords.Stored {
            guard try !claims.areOthersSharing(name) else {
                throw EventStoreError(
                    .otherConfiguration,
                    "'\(name)' is shared among processes, and can't be delivered in order before they have stopped"
                )
            }
            if let state = try jetStream.consumer(consumer(name), of: stream), state.taken > 0 {
                throw EventStoreError(
                    .otherConfiguration,
                    "'\(name)' was shared and has \(state.taken) events that are half done; let it catch up before it's in order"
                )
            }
            var stored = try withPosition(stored, name)
            stored.isShared = false
            return stored
        }

        /// A record with the position of the consumer.
        func withPosition(
            _ stored: SubscriptionRecords.Stored,
            _ name: String
        ) throws(EventStoreError) -> SubscriptionRecords.Stored {
            var stored = stored
            stored.record.position = try progress(name, default: stored.record.position).position
            return stored
        }

        /// How far all processes together are.
        func progress(_ name: String, default position: Int64) throws(EventStoreError) -> SharedProgress {
            // Before the consumer: what is stored meanwhile isn't done.
            let last = try jetStream.state(of: stream).last
            guard let state = try jetStream.consumer(consumer(name), of: stream) else {
                return SharedProgress(waiting: 0, taken: 0, position: position)
            }
            let events = try work(of: state, in: stream)
            let returned = try jetStream.consumer(consumer(name), of: letters.stream)
            let letters = try returned.map { (state) throws(EventStoreError) in
                try work(of: state, in: self.letters.stream)
            }
            var progress = SharedProgress(
                waiting: events.waiting + (letters?.waiting ?? 0),
                taken: events.taken + (letters?.taken ?? 0),
                position: state.floor
            )
            if events.waiting == 0, events.taken == 0 {
                progress.position = max(last, state.floor)
            } else if let sequence = try jetStream.firstMessage(state.filter, from: state.floor + 1, in: stream) {
                progress.position = max(state.floor, sequence - 1)
                if let message = try jetStream.message(sequence, of: stream) {
                    progress.oldest = StoredEvent(message, at: sequence, message.time, subjects).time
                }
            }
            return progress
        }

        /// How many messages a consumer has still to hand out, and how many it has handed out that aren't acknowledged.
        private func work(
            of state: JetStream.ConsumerState,
            in stream: String
        ) throws(EventStoreError) -> (waiting: Int, taken: Int) {
            guard state.waiting == 0, state.taken == 0 else { return (state.waiting, state.taken) }
            // The leader of the consumer may be behind that of the stream, and what it counts isn't always up to date.
            return (try jetStream.hasMessage(state.filter, from: state.last + 1, in: stream) ? 1 : 0, 0)
        }

        /// How many letters are to be delivered again, or are delivered again.
        func openLetters(_ name: String) throws(EventStoreError) -> Int {
            guard let state = try jetStream.consumer(consumer(name), of: letters.stream) else { return 0 }
            let letters = try work(of: state, in: letters.stream)
            return letters.waiting + letters.taken
        }

        /// Forgets what the server knows of a subscription.
        func removeConsumers(_ name: String) throws(EventStoreError) {
            try jetStream.deleteConsumer(consumer(name), of: stream)
            try jetStream.deleteConsumer(consumer(name), of: letters.stream)
        }

        /// Makes the consumers, or lets them take what is wanted now.
        private func prepare(_ name: String, after position: Int64, filter: String) throws(EventStoreError) {
            try jetStream.makeConsumer(consumer(name), of: stream, after: position, filter: filter, lease: lease)
            let letterFilter = letters.returnedSubjects(of: name)
            try jetStream.makeConsumer(consumer(name), of: letters.stream, after: 0, filter: letterFilter, lease: lease)
        }

        /// Takes the events of a subscription.
        func events(_ name: String) throws(EventStoreError) -> SharedConsumer {
            try SharedConsumer(consumer(name), of: stream, jetStream) { [subjects] message, place in
                StoredEvent(message, at: place.sequence, place.time, subjects)
            }
        }

        /// Takes the dead letters of a subscription that are to be delivered again.
        func returned(_ name: String) throws(EventStoreError) -> SharedConsumer {
            try SharedConsumer(consumer(name), of: letters.stream, jetStream) { [letters] message, place in
                do throws(EventStoreError) {
                    return try letters.letter(message, place.time).event
                } catch {
                    return nil
                }
            }
        }
    }
#endif
