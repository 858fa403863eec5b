#if NATS
    import EventDispatchStore
    import Foundation

    /// The dead letters of a store: a stream of their own, with one message for each letter.
    ///
    /// A letter has the headers of its event, so that any program reads it as a CloudEvent, and some of its own.
    struct DeadLetters: Sendable {
        let stream: String
        let jetStream: JetStream
        let subjects: EventSubjects

        /// How the stream has to be.
        func plan(replicas: Int) -> StreamPlan {
            StreamPlan(name: stream, subjects: ["\(stream).>"], mostPerSubject: 1, replicas: replicas)
        }

        private struct Facts: Codable {
            let reason: String
            let errors: [String]
            let attempts: Int
            let lastAttempt: Int64?
            let buried: Int64
            let sequence: Int64
        }

        private func subject(_ sequence: Int64, of name: String) -> String {
            "\(stream).\(EventSubjects.token(name)).\(sequence)"
        }

        /// Stores a letter.
        ///
        /// - Parameters:
        ///   - letter: the letter.
        ///   - name: the name of the subscription.
        ///   - isReturned: whether it is to be delivered again.
        func put(_ letter: DeadLetter, of name: String, isReturned: Bool = false) throws(EventStoreError) {
            let facts = Facts(
                reason: letter.reason.description,
                errors: letter.errors,
                attempts: letter.attempts,
                lastAttempt: letter.lastAttempt?.microseconds,
                buried: letter.buried.microseconds,
                sequence: letter.sequence
            )
            let message = try letter.event.message(
                to: subject(letter.sequence, of: name),
                and: [("letter", jsonText(facts).headerValue), ("letter-returned", isReturned ? "1" : "0")]
            )
            _ = try jetStream.put(message, in: stream)
        }

        /// Marks a letter as one that is to be delivered again.
        func markReturned(_ sequence: Int64, of name: String) throws(EventStoreError) {
            guard let message = try jetStream.last(on: subject(sequence, of: name), of: stream) else { return }
            try put(try letter(message, message.time), of: name, isReturned: true)
        }

        /// Throws a letter away.
        func remove(_ sequence: Int64, of name: String) throws(EventStoreError) {
            try jetStream.purge(stream, subject: subject(sequence, of: name))
        }

        /// Throws all letters of a subscription away.
        func removeAll(of name: String) throws(EventStoreError) {
            try jetStream.purge(stream, subject: "\(stream).\(EventSubjects.token(name)).*")
        }

        /// The letters of a subscription, in the order of their events: those that wait for somebody, and those that are to be delivered
        /// again.
        func all(of name: String) throws(EventStoreError) -> (kept: [DeadLetter], returned: [DeadLetter]) {
            var (kept, returned) = ([DeadLetter](), [DeadLetter]())
            guard try jetStream.state(of: stream).last > 0 else { return (kept, returned) }
            let filter = "\(stream).\(EventSubjects.token(name)).*"
            let cursor = try StreamCursor(stream, filter, after: 0, jetStream)
            var (isEnd, fault) = (false, EventStoreError?.none)
            while !isEnd {
                isEnd = try cursor.read(100) { message, place in
                    do throws(EventStoreError) {
                        let letter = try letter(message, place.time)
                        if message.header("letter-returned") == "1" {
                            returned.append(letter)
                        } else {
                            kept.append(letter)
                        }
                    } catch {
                        fault = error
                    }
                }
            }
            if let fault { throw fault }
            return (kept.sorted { $0.sequence < $1.sequence }, returned.sorted { $0.sequence < $1.sequence })
        }

        private func letter(
            _ message: borrowing NATSMessage,
            _ time: StoreTime
        ) throws(EventStoreError) -> DeadLetter {
            let text = message.header("letter")?.removingPercentEncoding ?? ""
            guard let facts: Facts = jsonValue(text) else {
                throw EventStoreError(.corrupt, "'\(message.subject)' in '\(stream)' isn't a dead letter")
            }
            return DeadLetter(
                event: StoredEvent(message, at: facts.sequence, time, subjects),
                reason: DeadLetter.Reason(facts.reason),
                errors: facts.errors,
                attempts: facts.attempts,
                lastAttempt: facts.lastAttempt.map { StoreTime(microseconds: $0) },
                buried: StoreTime(microseconds: facts.buried)
            )
        }
    }
#endif
