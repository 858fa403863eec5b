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

        /// How many bytes of the errors of a letter are kept. A server refuses messages above a size, with their headers, and a letter is an
        /// event and more.
        private static let mostOfErrors = 16_000

        /// Stores a letter; returns the sequence of its message.
        @discardableResult
        func put(_ letter: DeadLetter, of name: String) throws(EventStoreError) -> Int64 {
            try put(letter, to: subject("kept", letter.sequence, of: name))
        }

        @discardableResult
        private func put(_ letter: DeadLetter, to subject: String) throws(EventStoreError) -> Int64 {
            do throws(EventStoreError) {
                return try put(letter, letter.errors.cut(to: Self.mostOfErrors), to: subject)
            } catch {
                // The event matters more than its errors.
                guard error.code == .tooLarge else { throw error }
                return try put(letter, [], to: subject)
            }
        }

        private func put(
            _ letter: DeadLetter,
            _ errors: [String],
            to subject: String
        ) throws(EventStoreError) -> Int64 {
            let facts = Facts(
                reason: letter.reason.description,
                errors: errors,
                attempts: letter.attempts,
                lastAttempt: letter.lastAttempt?.microseconds,
                buried: letter.buried.microseconds,
                sequence: letter.sequence
            )
            let message = try letter.event.message(to: subject, and: [("letter", jsonText(facts).headerValue)])
            return try jetStream.put(message, in: stream) ?? 0
        }

        /// Lets a letter be delivered again, with all attempts before it. Whatever ends in between, it is in one of both places.
        ///
        /// It may have been delivered, and be a letter again, before it goes from the first place: only its own message does.
        func markReturned(_ sequence: Int64, of name: String) throws(EventStoreError) {
            let kept = subject("kept", sequence, of: name)
            guard let message = try jetStream.last(on: kept, of: stream) else { return }
            // A process may have ended between the burial and this.
            try unmarkLastAttempt(sequence, of: name)
            try put(try letter(message, message.time), to: subject("again", sequence, of: name))
            try jetStream.delete(message.sequence, of: stream)
        }

        /// Notes that the last attempt of an event begins; false when somebody else noted that before.
        ///
        /// - Parameters:
        ///   - sequence: the event's sequence.
        ///   - name: the subscription's name.
        ///   - attempt: what no other attempt has. A call whose answer was lost is made again, and has to know its own mark.
        func markLastAttempt(
            _ sequence: Int64,
            of name: String,
            as attempt: String
        ) throws(EventStoreError) -> Bool {
            let subject = subject("last", sequence, of: name)
            let message = try NATSMessage(to: subject, headers: [], data: Data(attempt.utf8))
            if try jetStream.put(message, in: stream, expecting: .nothing) != nil { return true }
            guard let found = try jetStream.last(on: subject, of: stream) else { return true }
            return found.data == Data(attempt.utf8)
        }

        /// Forgets that the last attempt of an event has begun.
        func unmarkLastAttempt(_ sequence: Int64, of name: String) throws(EventStoreError) {
            try jetStream.purge(stream, subject: subject("last", sequence, of: name))
        }

        /// Throws a letter away that was delivered again.
        ///
        /// - Parameters:
        ///   - sequence: the event's sequence.
        ///   - name: the subscription's name.
        ///   - end: the sequence of the message by which it's a letter once more; nil when it's none any more. Behind that it may be returned again.
        func removeReturned(_ sequence: Int64, of name: String, before end: Int64?) throws(EventStoreError) {
            try jetStream.purge(stream, subject: subject("again", sequence, of: name), before: end)
        }

        /// Throws a letter away that was delivered again, by the sequence of its own message.
        func removeReturned(at sequence: Int64) throws(EventStoreError) { try jetStream.delete(sequence, of: stream) }

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

    extension [String] {
        /// The texts, cut where they have more bytes together than there is room for.
        func cut(to room: Int) -> [String] {
            var room = Swift.max(0, room)
            return compactMap { text in
                guard room > 0 else { return nil }
                defer { room -= text.utf8.count }
                return text.utf8.count <= room ? text : String(decoding: text.utf8.prefix(room), as: UTF8.self) + "…"
            }
        }
    }
#endif
