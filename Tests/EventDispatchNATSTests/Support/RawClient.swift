#if NATS
    import CNATS
    import Foundation

    /// Another program on the same server, which knows nothing of this package.
    final class RawClient {
        struct Failed: Error { let status: natsStatus }

        private var connection: OpaquePointer?
        private var jetStream: OpaquePointer?

        init(_ url: String) throws {
            try check(natsConnection_ConnectTo(&connection, url))
            try check(natsConnection_JetStream(&jetStream, connection, nil))
        }

        deinit {
            jsCtx_Destroy(jetStream)
            natsConnection_Destroy(connection)
        }

        private func check(_ status: natsStatus) throws {
            if status != NATS_OK { throw Failed(status: status) }
        }

        /// The last message of a subject: some of its headers, and what it carries.
        func last(on subject: String, of stream: String, _ names: [String]) throws -> ([String?], String) {
            var message: OpaquePointer?
            try check(js_GetLastMsg(&message, jetStream, stream, subject, nil, nil))
            defer { natsMsg_Destroy(message) }
            let values = names.map { name in
                var value: UnsafePointer<CChar>?
                return natsMsgHeader_Get(message, name, &value) == NATS_OK ? value.map { String(cString: $0) } : nil
            }
            let size = Int(natsMsg_GetDataLength(message))
            let data = natsMsg_GetData(message).map { Data(bytes: $0, count: size) } ?? Data()
            return (values, String(decoding: data, as: UTF8.self))
        }

        func publish(_ data: String, to subject: String, _ headers: [String: String]) throws {
            var message: OpaquePointer?
            try check(natsMsg_Create(&message, subject, nil, data, Int32(data.utf8.count)))
            defer { natsMsg_Destroy(message) }
            for (name, value) in headers { try check(natsMsgHeader_Set(message, name, value)) }
            try check(js_PublishMsg(nil, jetStream, message, nil, nil))
        }

        /// Takes the next message of a durable consumer, and gives it back, or keeps it for good.
        func take(from consumer: String, of stream: String, givingBack: Bool) throws {
            var options = jsSubOptions()
            try check(jsSubOptions_Init(&options))
            var subscription: OpaquePointer?
            try stream.withCString { stream in
                try consumer.withCString { consumer in
                    (options.Stream, options.Consumer) = (stream, consumer)
                    try check(js_PullSubscribe(&subscription, jetStream, nil, consumer, nil, &options, nil))
                }
            }
            defer { natsSubscription_Destroy(subscription) }
            var list = natsMsgList()
            defer { natsMsgList_Destroy(&list) }
            try check(natsSubscription_Fetch(&list, subscription, 1, 5_000, nil))
            if givingBack { try check(natsMsg_Nak(list.Msgs[0], nil)) }
            try check(natsConnection_Flush(connection))
        }

        func delete(consumer: String, of stream: String) throws {
            try check(js_DeleteConsumer(jetStream, stream, consumer, nil, nil))
        }

        /// Takes the next message of every consumer.
        func takeOneOfEach(of stream: String) throws {
            struct Answer: Decodable { let consumers: [String] }
            let text = try request("$JS.API.CONSUMER.NAMES.\(stream)", "")
            for name in try JSONDecoder().decode(Answer.self, from: Data(text.utf8)).consumers {
                _ = try request("$JS.API.CONSUMER.MSG.NEXT.\(stream).\(name)", "1")
            }
        }

        private func request(_ subject: String, _ text: String) throws -> String {
            var message: OpaquePointer?
            try check(natsConnection_RequestString(&message, connection, subject, text, 5_000))
            defer { natsMsg_Destroy(message) }
            let size = Int(natsMsg_GetDataLength(message))
            let data = natsMsg_GetData(message).map { Data(bytes: $0, count: size) } ?? Data()
            return String(decoding: data, as: UTF8.self)
        }

        /// Publishes a text, without a stream that answers.
        func tell(_ text: String, to subject: String) throws {
            try check(natsConnection_PublishString(connection, subject, text))
            try check(natsConnection_Flush(connection))
        }

        func delete(_ stream: String) throws { try check(js_DeleteStream(jetStream, stream, nil, nil)) }
    }
#endif
