#if NATS
    import CNATS
    import Foundation

    /// The floor: a stream, and nothing between a program and the C library.
    ///
    /// It publishes the messages that the library publishes. It's for one thread.
    final class BareStream {
        private var connection: OpaquePointer?
        private var context: OpaquePointer?
        private let stream: String

        /// Connects.
        ///
        /// - Parameters:
        ///   - url: the server.
        ///   - stream: the stream.
        ///   - pending: how many messages may be without their acknowledgement; publishing waits before there are more.
        init(_ url: String, _ stream: String, pending: Int64 = 4_096) throws {
            self.stream = stream
            try Self.check(natsConnection_ConnectTo(&connection, url))
            var options = jsOptions()
            try Self.check(jsOptions_Init(&options))
            options.PublishAsync.MaxPending = pending
            options.PublishAsync.StallWait = 10_000
            try Self.check(natsConnection_JetStream(&context, connection, &options))
        }

        deinit {
            jsCtx_Destroy(context)
            natsConnection_Destroy(connection)
        }

        fileprivate static func check(_ status: natsStatus) throws {
            guard status != NATS_OK else { return }
            let text = natsStatus_GetText(status).map { String(cString: $0) } ?? ""
            let detail = nats_GetLastError(nil).map { String(cString: $0) } ?? ""
            throw StoreBenchmarkFailure("the floor fails: \(text) \(detail)")
        }

        /// The bytes that have gone over the connection, both ways.
        var traffic: Double {
            var statistics: OpaquePointer?
            guard natsStatistics_Create(&statistics) == NATS_OK else { return 0 }
            defer { natsStatistics_Destroy(statistics) }
            var (received, sent): (UInt64, UInt64) = (0, 0)
            natsConnection_GetStats(connection, statistics)
            natsStatistics_GetCounts(statistics, nil, &received, nil, &sent, nil)
            return Double(received + sent)
        }

        /// How many messages the stream has, and their bytes in its files.
        func stored() throws -> (messages: Double, bytes: Double) {
            var info: UnsafeMutablePointer<jsStreamInfo>?
            defer { jsStreamInfo_Destroy(info) }
            try Self.check(js_GetStreamInfo(&info, context, stream, nil, nil))
            guard let state = info?.pointee.State else { return (0, 0) }
            return (Double(state.Msgs), Double(state.Bytes))
        }

        /// Makes the stream.
        func make() throws {
            var configuration = jsStreamConfig()
            try Self.check(jsStreamConfig_Init(&configuration))
            try stream.withCString { name in
                try "\(stream).>".withCString { subject in
                    var subject: UnsafePointer<CChar>? = subject
                    configuration.Name = name
                    configuration.Storage = js_FileStorage
                    configuration.SubjectsLen = 1
                    try withUnsafeMutablePointer(to: &subject) { subjects in
                        configuration.Subjects = subjects
                        try Self.check(js_AddStream(nil, context, &configuration, nil, nil))
                    }
                }
            }
        }

        /// Publishes messages, and returns when all are acknowledged.
        ///
        /// - Parameter batch: after how many to wait for all acknowledgements, each message having to come right behind the one before it
        ///   in the batch; nil to wait at the end only.
        func publish(_ count: Int, from first: Int, inBatchesOf batch: Int? = nil) throws {
            let data = BenchmarkOrder.example.storedBytes.map { CChar(bitPattern: $0) }
            var previous: String?
            for number in first..<first + count {
                let id = "00000000-0000-0000-0000-\(100_000_000_000 + number)"
                var message: OpaquePointer?
                try Self.check(natsMsg_Create(&message, "\(stream).bench.order.placed", nil, data, Int32(data.count)))
                for (name, value) in [
                    ("ce-specversion", "1.0"), ("ce-id", id), ("ce-type", "bench.order.placed"),
                    ("ce-source", stream), ("ce-time", "2026-01-01T00:00:00.000000Z"), ("ce-schemaversion", "1"),
                    ("content-type", "application/json"), ("Nats-Msg-Id", id),
                ] { try Self.check(natsMsgHeader_Set(message, name, value)) }
                var options = jsPubOptions()
                try Self.check(jsPubOptions_Init(&options))
                try stream.withCString { name in
                    options.ExpectStream = name
                    guard batch != nil, let last = previous else {
                        return try Self.check(js_PublishMsgAsync(context, &message, &options))
                    }
                    try last.withCString { last in
                        options.ExpectLastMsgId = last
                        try Self.check(js_PublishMsgAsync(context, &message, &options))
                    }
                }
                previous = id
                if let batch, (number - first + 1) % batch == 0 {
                    try Self.check(js_PublishAsyncComplete(context, nil))
                    previous = nil
                }
            }
            try Self.check(js_PublishAsyncComplete(context, nil))
        }

        /// A durable consumer of the stream, made when it's new.
        func consumer(_ name: String) throws -> BareConsumer {
            var options = jsSubOptions()
            try Self.check(jsSubOptions_Init(&options))
            options.ManualAck = true
            options.Config.AckPolicy = js_AckExplicit
            options.Config.MaxAckPending = 1_000_000
            var subscription: OpaquePointer?
            try stream.withCString { stream in
                options.Stream = stream
                let subject = "\(self.stream).bench.order.placed"
                try Self.check(js_PullSubscribe(&subscription, context, subject, name, nil, &options, nil))
            }
            return BareConsumer(self, connection, subscription)
        }
    }

    /// The floor's consumer. It's for one thread at a time.
    final class BareConsumer {
        private let stream: BareStream
        private let connection: OpaquePointer?
        private let subscription: OpaquePointer?

        fileprivate init(_ stream: BareStream, _ connection: OpaquePointer?, _ subscription: OpaquePointer?) {
            (self.stream, self.connection, self.subscription) = (stream, connection, subscription)
        }

        deinit { natsSubscription_Destroy(subscription) }

        /// Fetches messages and acknowledges each.
        ///
        /// - Parameters:
        ///   - count: how many; nil for all, until none have come for a while.
        ///   - batch: how many are fetched at once.
        /// - Returns: how many there were.
        @discardableResult
        func handle(_ count: Int? = nil, inBatchesOf batch: Int, fetched: () -> Void = {}) throws -> Int {
            var handled = 0
            while handled < count ?? .max {
                var list = natsMsgList()
                let wait: Int64 = count == nil ? 500 : 10_000
                let status = natsSubscription_Fetch(
                    &list,
                    subscription,
                    Int32(min(batch, (count ?? .max) - handled)),
                    wait,
                    nil
                )
                if status == NATS_TIMEOUT, count == nil { break }
                try BareStream.check(status)
                for index in 0..<Int(list.Count) { try BareStream.check(natsMsg_Ack(list.Msgs[index], nil)) }
                handled += Int(list.Count)
                natsMsgList_Destroy(&list)
                fetched()
            }
            try BareStream.check(natsConnection_Flush(connection))
            return handled
        }
    }
#endif
