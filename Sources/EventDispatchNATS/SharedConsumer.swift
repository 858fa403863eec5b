#if NATS
    import CNATS
    import EventDispatch
    import EventDispatchStore
    import Foundation

    /// A durable consumer of the server, which hands out the messages of some subjects to whoever asks, and waits for their acknowledgements.
    ///
    /// A request for messages stands at the server until it's used up, so a message comes as soon as it's published. Taking blocks on a thread
    /// of its own, and answers are sent on another. Every message that was taken and not answered is told to the server as still in work, so
    /// that it isn't handed out again while its handlers run.
    final class SharedConsumer: Sendable {
        /// A message that was taken.
        struct Taken: Sendable {
            /// The sequence in the stream of the consumer.
            let sequence: Int64
            let event: StoredEvent
            let attempt: Int
        }

        private let jetStream: JetStream
        private let read: @Sendable (borrowing NATSMessage, ConsumerPlace) -> StoredEvent?
        private let inbox: PullInbox
        private let taking: StoreThread
        private let answering: StoreThread
        /// Where the messages are to be answered that were taken, by their sequences.
        private let held = Locked<[Int64: String]>([:])
        /// The answers that are to be sent, with their subjects.
        private let answers = Locked<[(subject: String, text: String)]>([])
        private let request = Locked(Request())

        /// What stands at the server.
        private struct Request: Sendable {
            var number = 0
            /// How many messages it's for yet.
            var open = 0
            var asked = ContinuousClock.now
            /// How often the connection had been made again: a new one knows nothing of it.
            var reconnects: UInt64 = 0
        }

        /// How long a request stands.
        private static let expiry = Duration.seconds(5)

        /// Opens a consumer that has been made.
        ///
        /// - Parameters:
        ///   - name: the consumer's name.
        ///   - stream: its stream.
        ///   - jetStream: the connection.
        ///   - read: reads the event of a message; nil for one that isn't any, and isn't handed out again.
        init(
            _ name: String,
            of stream: String,
            _ jetStream: JetStream,
            _ read: @escaping @Sendable (borrowing NATSMessage, ConsumerPlace) -> StoredEvent?
        ) throws(EventStoreError) {
            (self.jetStream, self.read) = (jetStream, read)
            taking = StoreThread("NATS.taking.\(name)")
            answering = StoreThread("NATS.answering.\(name)")
            inbox = try PullInbox(for: name, of: stream, jetStream)
        }

        /// Takes messages that nobody has.
        ///
        /// - Parameters:
        ///   - limit: how many at most, unless more were asked for before.
        ///   - wait: how long to wait for the first.
        func take(_ limit: Int, waiting wait: Duration) async throws(EventStoreError) -> [Taken] {
            try await taking.perform { [self] () throws(EventStoreError) in
                if try ask(for: limit) == .unanswered { try checkConsumer() }
                var taken: [Taken] = []
                var isRefused = false
                var timeout = wait.milliseconds
                while taken.count < limit {
                    var pointer: OpaquePointer?
                    let status = inbox.next(&pointer, waiting: timeout)
                    // Nothing there, or closed while it waited.
                    if status == NATS_TIMEOUT || status == NATS_INVALID_SUBSCRIPTION || status == NATS_CONNECTION_CLOSED
                    {
                        break
                    }
                    // What was taken is held, and has to reach the caller.
                    if status != NATS_OK, !taken.isEmpty { break }
                    try NATSFault.check(status, what)
                    guard let pointer else { break }
                    guard let message = take(pointer, &isRefused) else {
                        // A request that has stood for its time is followed by the next, so that what is published meanwhile comes at once.
                        if taken.isEmpty, !isRefused { _ = try ask(for: limit) }
                        continue
                    }
                    taken.append(message)
                    timeout = 0
                }
                if taken.isEmpty, isRefused { try checkConsumer() }
                return taken
            }
        }

        /// Makes sure that there still is a consumer: the server doesn't answer requests to one that was removed before.
        private func checkConsumer() throws(EventStoreError) {
            guard try jetStream.consumer(inbox.consumer, of: inbox.stream) == nil else { return }
            throw EventStoreError(.noSubscription, "the consumer '\(inbox.consumer)' of '\(inbox.stream)' was removed")
        }

        private var what: String {
            "take from '\(inbox.consumer)' of '\(inbox.stream)' at \(jetStream.connection.server)"
        }

        /// What became of the request before.
        private enum Earlier { case standing, ended, unanswered }

        /// Asks the server for messages, unless it has been asked.
        private func ask(for limit: Int) throws(EventStoreError) -> Earlier {
            let reconnects = jetStream.connection.reconnects
            let (number, earlier): (Int, Earlier) = request.withLock { request in
                // A request that has stood for its time is answered.
                let isUnanswered = request.open > 0 && request.asked + Self.expiry + .seconds(1) < .now
                guard request.open == 0 || isUnanswered || request.reconnects != reconnects else {
                    return (request.number, .standing)
                }
                request = Request(number: request.number + 1, open: limit, asked: .now, reconnects: reconnects)
                return (request.number, isUnanswered ? .unanswered : .ended)
            }
            guard earlier != .standing else { return earlier }
            let status = inbox.ask(#"{"batch":\#(limit),"expires":\#(Self.expiry.nanoseconds)}"#, as: number)
            do throws(EventStoreError) {
                try NATSFault.check(status, what)
            } catch {
                request.withLock { $0.open = 0 }
                throw error
            }
            jetStream.connection.flush()
            return earlier
        }

        private func take(_ pointer: OpaquePointer, _ isRefused: inout Bool) -> Taken? {
            let message = NATSMessage(owning: pointer)
            if let status = message.status {
                if status != 404, status != 408 { isRefused = true }
                // The request has ended, unless it's one of an earlier one.
                let subject = message.subject
                request.withLock { if subject == inbox.subject($0.number) { $0.open = 0 } }
                return nil
            }
            request.withLock { $0.open = max(0, $0.open - 1) }
            let reply = message.reply
            guard let place = ConsumerPlace(reply), let event = read(message, place) else {
                send("+TERM", to: reply)
                return nil
            }
            held.withLock { $0[place.sequence] = reply }
            return Taken(sequence: place.sequence, event: event, attempt: place.deliveries)
        }

        /// Answers a message, on the thread for that, with others that are answered at about the same time. An answer that is lost is as good
        /// as none: the event is handed out again.
        private func send(_ answer: String, to reply: String) {
            let isFirst = answers.withLock { answers in
                answers.append((reply, answer))
                return answers.count == 1
            }
            guard isFirst else { return }
            answering.run { [self] in
                let sent = answers.withLock { answers in
                    defer { answers = [] }
                    return answers
                }
                for (subject, text) in sent { natsConnection_PublishString(jetStream.connection.core, subject, text) }
            }
        }

        /// Answers a message for good: it's not held any more.
        private func end(_ sequence: Int64, _ answer: String) {
            if let reply = held.withLock({ $0.removeValue(forKey: sequence) }) { send(answer, to: reply) }
        }

        /// Tells that a message is done.
        func acknowledge(_ sequence: Int64) { end(sequence, "+ACK") }

        /// Gives a message back, to be handed out after a pause.
        func giveBack(_ sequence: Int64, after pause: Duration) {
            end(sequence, pause > .zero ? #"-NAK {"delay":\#(pause.nanoseconds)}"# : "-NAK")
        }

        /// Tells that the messages that are held are still in work.
        func extendLeases() {
            for reply in held.withLock({ $0 }).values { send("+WPI", to: reply) }
        }

        /// Gives back what is held, and takes no more.
        func close() async {
            // The server is told, and hands on what it has sent before.
            inbox.drain()
            _ = try? await taking.perform { [self] () throws(EventStoreError) in
                var pointer: OpaquePointer?
                var isRefused = false
                let timeout = jetStream.connection.options.timeout.milliseconds
                while inbox.next(&pointer, waiting: timeout) == NATS_OK {
                    if let message = pointer { _ = take(message, &isRefused) }
                    pointer = nil
                }
            }
            for sequence in held.withLock({ $0 }).keys.sorted() { giveBack(sequence, after: .zero) }
            // Sent before this returns: the process may end then.
            try? await answering.perform { [jetStream] () throws(EventStoreError) in
                _ = natsConnection_FlushTimeout(
                    jetStream.connection.core,
                    jetStream.connection.options.timeout.milliseconds
                )
            }
        }
    }
#endif
