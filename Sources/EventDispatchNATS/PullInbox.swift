#if NATS
    import CNATS
    import EventDispatchStore

    /// Asks a consumer for messages, and receives them.
    final class PullInbox: Sendable {
        let consumer: String
        let stream: String
        private let connection: NATSConnection
        private let name: String
        private let subscription: NATSConnection.Handle

        /// Opens an inbox for the messages of a consumer that has been made.
        init(for consumer: String, of stream: String, _ jetStream: JetStream) throws(EventStoreError) {
            (self.consumer, self.stream, connection) = (consumer, stream, jetStream.connection)
            var made: UnsafeMutablePointer<natsInbox>?
            try NATSFault.check(natsInbox_Create(&made), "make an inbox")
            defer { natsInbox_Destroy(made) }
            name = made.map { String(cString: $0) } ?? ""
            var pointer: OpaquePointer?
            try NATSFault.check(
                natsConnection_SubscribeSync(&pointer, connection.core, name + ".*"),
                "subscribe to an inbox"
            )
            guard let pointer else { throw EventStoreError(.unavailable, "the library made no subscription") }
            subscription = NATSConnection.Handle(pointer: pointer)
            // No more is asked for than is taken. With limits, the library would drop what comes faster than it's taken.
            natsSubscription_SetPendingLimits(pointer, .max, .max)
        }

        deinit { natsSubscription_Destroy(subscription.pointer) }

        /// The subject of the server's answer to a request that it can't use up.
        func subject(_ request: Int) -> String { "\(name).\(request)" }

        /// Asks for messages, without waiting.
        ///
        /// - Parameters:
        ///   - options: how many, and for how long, as JSON.
        ///   - request: the number of the request.
        func ask(_ options: String, as request: Int) -> natsStatus {
            natsConnection_PublishRequestString(
                connection.core,
                "$JS.API.CONSUMER.MSG.NEXT.\(stream).\(consumer)",
                subject(request),
                options
            )
        }

        /// Waits for the next message, which belongs to the caller. It blocks.
        func next(_ message: inout OpaquePointer?, waiting milliseconds: Int64) -> natsStatus {
            natsSubscription_NextMsg(&message, subscription.pointer, milliseconds)
        }

        /// Tells the server that nothing more is wanted. What it has sent before can still be received.
        func drain() { natsSubscription_Drain(subscription.pointer) }
    }
#endif
