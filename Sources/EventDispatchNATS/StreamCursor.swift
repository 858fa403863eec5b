#if NATS
    import CNATS
    import EventDispatchStore
    import Foundation

    /// Reads the messages of a stream in their order, in batches, through a consumer that the server forgets by itself.
    ///
    /// It isn't safe on several threads at a time, and its calls block.
    final class StreamCursor {
        let filter: String
        /// The sequence up to which messages have been read.
        private(set) var position: Int64
        private let jetStream: JetStream
        private let inbox: PullInbox
        private var pulls = 0
        /// How many messages have been asked for.
        private var asked = 0
        /// How many messages have come.
        private var received: Int64 = 0
        /// How many messages the server had for the cursor when it last told.
        private(set) var pending: Int64

        /// Begins to read after a sequence.
        init(
            _ stream: String,
            _ filter: String,
            after position: Int64,
            onlyHeaders: Bool = false,
            _ jetStream: JetStream
        ) throws(EventStoreError) {
            (self.jetStream, self.filter, self.position) = (jetStream, filter, position)
            let made = try Self.makeConsumer(stream, filter, position, onlyHeaders, jetStream)
            pending = made.pending
            inbox = try PullInbox(for: made.name, of: stream, jetStream)
        }

        /// Where cursors are put away: a store that is let go is on any thread.
        private static let ending = StoreThread("NATS.ending")

        deinit {
            // The server would forget it too, after a while.
            Self.ending.run { [jetStream, inbox] in
                js_DeleteConsumer(jetStream.connection.jetStream, inbox.stream, inbox.consumer, nil, nil)
            }
        }

        private static func makeConsumer(
            _ stream: String,
            _ filter: String,
            _ position: Int64,
            _ onlyHeaders: Bool,
            _ jetStream: JetStream
        ) throws(EventStoreError) -> (name: String, pending: Int64) {
            let strings = CStrings()
            var configuration = jsConsumerConfig()
            try NATSFault.check(jsConsumerConfig_Init(&configuration), "make a configuration")
            configuration.DeliverPolicy = js_DeliverByStartSequence
            configuration.OptStartSeq = UInt64(clamping: position + 1)
            configuration.AckPolicy = js_AckNone
            configuration.FilterSubject = strings[filter]
            configuration.HeadersOnly = onlyHeaders
            configuration.InactiveThreshold = Duration.seconds(60).nanoseconds
            configuration.MemoryStorage = true
            var info: UnsafeMutablePointer<jsConsumerInfo>?
            var code = jsErrCode(rawValue: 0)
            let status = js_AddConsumer(&info, jetStream.connection.jetStream, stream, &configuration, nil, &code)
            defer { jsConsumerInfo_Destroy(info) }
            withExtendedLifetime(strings) {}
            try NATSFault.check(status, code, "read the stream '\(stream)' at \(jetStream.connection.server)")
            guard let made = info?.pointee, let name = made.Name else {
                throw EventStoreError(.unavailable, "the server made a consumer without a name")
            }
            return (String(cString: name), Int64(clamping: made.NumPending))
        }

        /// Reads the next messages.
        ///
        /// - Parameters:
        ///   - limit: how many at most.
        ///   - body: gets each, with its place.
        /// - Returns: whether there are no further ones for now.
        /// - Throws: ``EventStoreError``. The cursor can't be used any more then.
        func read(
            _ limit: Int,
            _ body: (borrowing NATSMessage, ConsumerPlace) -> Void
        ) throws(EventStoreError) -> Bool {
            try ask(for: limit)
            return try receive(body)
        }

        /// Makes sure that all has come that the server has sent: it doesn't send anything twice.
        private func checkLosses() throws(EventStoreError) {
            guard try jetStream.consumer(inbox.consumer, of: inbox.stream)?.handedOut == received else { throw lost }
        }

        private var lost: EventStoreError {
            EventStoreError(.unavailable, "can't \(what): messages were lost on the way", isTransient: true)
        }

        private var what: String { "read the stream '\(inbox.stream)' at \(jetStream.connection.server)" }

        /// Asks for the next messages, without waiting.
        func ask(for limit: Int) throws(EventStoreError) {
            // The server lowers a request to what it has, without saying so. One for more would wait for messages that nobody sends.
            asked = Int(clamping: min(Int64(clamping: limit), max(1, pending)))
            pulls += 1
            let status = inbox.ask(#"{"batch":\#(asked),"no_wait":true}"#, as: pulls)
            try NATSFault.check(status, what)
        }

        /// Receives what was asked for; returns whether there is nothing further for now.
        func receive(_ body: (borrowing NATSMessage, ConsumerPlace) -> Void) throws(EventStoreError) -> Bool {
            let reply = inbox.subject(pulls)
            var count = 0
            while count < asked {
                var pointer: OpaquePointer?
                let status = inbox.next(&pointer, waiting: jetStream.connection.options.timeout.milliseconds)
                // Those behind it may have been deleted meanwhile, or lost with a connection.
                if status == NATS_TIMEOUT, count > 0 {
                    try checkLosses()
                    pending = 0
                    return false
                }
                try NATSFault.check(status, what)
                guard let pointer else { throw EventStoreError(.unavailable, "can't \(what)", isTransient: true) }
                let message = NATSMessage(owning: pointer)
                if let status = message.status {
                    // One of an earlier request says nothing about this one.
                    guard message.subject == reply else { continue }
                    pending = 0
                    if status == 404 || status == 408 { return true }
                    throw EventStoreError(.unavailable, "can't \(what): status \(status)", isTransient: true)
                }
                guard let place = ConsumerPlace(message.reply) else { continue }
                guard place.own == received + 1 else { throw lost }
                received += 1
                count += 1
                position = place.sequence
                pending = place.pending
                body(message, place)
                if place.pending == 0 { return true }
            }
            return false
        }
    }
#endif
