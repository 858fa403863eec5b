#if NATS
    import EventDispatchStore
    import Foundation

    /// The dead letters of a store: a stream of their own, with one message for each letter.
    ///
    /// A letter has the headers of its event, so that any program reads it as a CloudEvent, and some of its own. It's on
    /// `stream.subscription.kept.sequence`, and moves to `stream.subscription.again.sequence` when it's to be delivered again.
    /// A message on `stream.subscription.last.sequence` says that the last attempt of an event has begun.
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

        private func subject(_ place: String, _ sequence: Int64, of name: String) -> String {
            "\(stream).\(EventSubjects.token(name)).\(place).\(sequence)"
        }

        /// The subjects of letters that are to be delivered again.
        func returnedSubjects(of name: String) -> String { "\(stream).\(EventSubjects.token(name)).again.*" }

        /// Stores a letter.
        func put(_ letter: DeadLetter, of name: String) throws(EventStoreError) {
            try put(letter, to: subject("kept", letter.sequence, of: name))
        }

        private func put(_ letter: DeadLetter, to subject: String) throws(EventStoreError) {
            let facts = Facts(
                reason: letter.reason.description,
                errors: letter.errors,
                attempts: letter.attempts,
                lastAttempt: letter.lastAttempt?.microseconds,
                buried: letter.buried.microseconds,
                sequence: letter.sequence
            )
            let message = try letter.event.message(to: subject, and: [("letter", jsonText(facts).headerValue)])
            _ = try jetStream.put(message, in: stream)
        }

        /// Lets a letter be delivered again. Whatever ends in between, it is in one of both places.
        func markReturned(_ sequence: Int64, of name: String) throws(EventStoreError) {
            let kept = subject("kept", sequence, of: name)
            guard let message = try jetStream.last(on: kept, of: stream) else { return }
            try put(try letter(message, message.time), to: subject("again", sequence, of: name))
            try jetStream.purge(stream, subject: kept)
        }

        /// Notes that the last attempt of an event begins; false when that was noted before.
        func markLastAttempt(_ sequence: Int64, of name: String) throws(EventStoreError) -> Bool {
            let message = try NATSMessage(to: subject("last", sequence, of: name), headers: [], data: Data())
            return try jetStream.put(message, in: stream, expecting: .nothing) != nil
        }

        /// Forgets that the last attempt of an event has begun.
        func unmarkLastAttempt(_ sequence: Int64, of name: String) throws(EventStoreError) {
            try jetStream.purge(stream, subject: subject("last", sequence, of: name))
        }

        /// Throws a letter away that was delivered again.
        func removeReturned(_ sequence: Int64, of name: String) throws(EventStoreError) {
            try jetStream.purge(stream, subject: subject("again", sequence, of: name))
        }

        /// Throws a letter away.
        func remove(_ sequence: Int64, of name: String) throws(EventStoreError) {
            try jetStream.purge(stream, subject: subject("*", sequence, of: name))
        }

        /// Throws all letters of a subscription away.
        func removeAll(of name: String) throws(EventStoreError) {
            try jetStream.purge(stream, subject: "\(stream).\(EventSubjects.token(name)).>")
        }

        /// How many letters of a subscription wait for somebody.
        func count(of name: String) throws(EventStoreError) -> Int {
            let filter = "\(stream).\(EventSubjects.token(name)).kept.*"
            return Int(try StreamCursor(stream, filter, after: 0, onlyHeaders: true, jetStream).pending)
        }

        /// The letters of a subscription that wait for somebody, in the order of their events.
        func kept(of name: String) throws(EventStoreError) -> [DeadLetter] {
            try all(on: "\(stream).\(EventSubjects.token(name)).kept.*")
        }

        /// The letters of a subscription that are to be delivered again, in the order of their events.
        func returned(of name: String) throws(EventStoreError) -> [DeadLetter] {
            try all(on: returnedSubjects(of: name))
        }

        private func all(on filter: String) throws(EventStoreError) -> [DeadLetter] {
            guard try jetStream.state(of: stream).last > 0 else { return [] }
            let cursor = try StreamCursor(stream, filter, after: 0, jetStream)
            var (letters, fault, isEnd) = ([DeadLetter](), EventStoreError?.none, false)
            while !isEnd {
                isEnd = try cursor.read(100) { message, place in
                    do throws(EventStoreError) {
                        letters.append(try letter(message, place.time))
                    } catch {
                        fault = error
                    }
                }
            }
            if let fault { throw fault }
            return letters.sorted { $0.sequence < $1.sequence }
        }

        /// Reads a letter.
        func letter(
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
