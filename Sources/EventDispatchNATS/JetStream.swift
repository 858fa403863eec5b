#if NATS
    import CNATS
    import EventDispatchStore
    import Foundation

    /// Calls of JetStream that wait for an answer. They block; make them on a ``StoreThread``.
    struct JetStream: Sendable {
        let connection: NATSConnection

        /// What a stream holds.
        struct State: Hashable, Sendable {
            var first: Int64
            var last: Int64
            var subjects: [String] = []
        }

        private var context: OpaquePointer { connection.jetStream }

        private func at(_ what: String) -> String { "\(what) at \(connection.server)" }

        /// What a stream holds.
        ///
        /// - Parameters:
        ///   - stream: the stream's name.
        ///   - filter: the subjects to list; nil for none.
        func state(of stream: String, listing filter: String? = nil) throws(EventStoreError) -> State {
            let strings = CStrings()
            var options = jsOptions()
            try NATSFault.check(jsOptions_Init(&options), "make options")
            options.Stream.Info.SubjectsFilter = strings[filter]
            var info: UnsafeMutablePointer<jsStreamInfo>?
            var code = jsErrCode(rawValue: 0)
            let status = js_GetStreamInfo(&info, context, stream, &options, &code)
            defer { jsStreamInfo_Destroy(info) }
            try NATSFault.check(status, code, at("look at the stream '\(stream)'"))
            guard let found = info?.pointee.State else { return State(first: 0, last: 0) }
            var state = State(first: Int64(clamping: found.FirstSeq), last: Int64(clamping: found.LastSeq))
            if let subjects = found.Subjects?.pointee {
                for index in 0..<Int(subjects.Count) {
                    if let subject = subjects.List[index].Subject { state.subjects.append(String(cString: subject)) }
                }
            }
            return state
        }

        /// The message of a sequence; nil when there is none.
        func message(_ sequence: Int64, of stream: String) throws(EventStoreError) -> NATSMessage? {
            var pointer: OpaquePointer?
            var code = jsErrCode(rawValue: 0)
            let status = js_GetMsg(&pointer, context, stream, UInt64(clamping: sequence), nil, &code)
            return try message(pointer, status, code, "read message \(sequence) of '\(stream)'")
        }

        /// The last message of a subject; nil when there is none.
        func last(on subject: String, of stream: String) throws(EventStoreError) -> NATSMessage? {
            var pointer: OpaquePointer?
            var code = jsErrCode(rawValue: 0)
            let status = js_GetLastMsg(&pointer, context, stream, subject, nil, &code)
            return try message(pointer, status, code, "read the last message of '\(subject)'")
        }

        private func message(
            _ pointer: OpaquePointer?,
            _ status: natsStatus,
            _ code: jsErrCode,
            _ what: String
        ) throws(EventStoreError) -> NATSMessage? {
            if status == NATS_NOT_FOUND, code != JSStreamNotFoundErr { return nil }
            if code == JSNoMessageFoundErr { return nil }
            try NATSFault.check(status, code, at(what))
            return pointer.map { NATSMessage(owning: $0) }
        }

        /// What a subject has to hold for a message to be stored.
        enum Expectation: Hashable, Sendable {
            case anything
            case nothing
            case last(Int64)
        }

        /// Stores a message, and waits until it is.
        ///
        /// - Returns: its sequence; nil when the subject doesn't hold what it has to.
        func put(
            _ message: borrowing NATSMessage,
            in stream: String,
            expecting expectation: Expectation = .anything
        ) throws(EventStoreError) -> Int64? {
            var options = jsPubOptions()
            try NATSFault.check(jsPubOptions_Init(&options), "make options")
            switch expectation {
            case .anything: break
            case .nothing: options.ExpectNoMessage = true
            case .last(let sequence): options.ExpectLastSubjectSeq = UInt64(clamping: sequence)
            }
            var acknowledgement: UnsafeMutablePointer<jsPubAck>?
            var code = jsErrCode(rawValue: 0)
            let status = js_PublishMsg(&acknowledgement, context, message.borrowed, &options, &code)
            defer { jsPubAck_Destroy(acknowledgement) }
            if code == JSStreamWrongLastSequenceErr { return nil }
            // Nobody answers for a subject whose stream is gone.
            if status == NATS_NO_RESPONDERS { _ = try state(of: stream) }
            try NATSFault.check(status, code, at("store a message to '\(message.subject)' in '\(stream)'"))
            return acknowledgement.map { Int64(clamping: $0.pointee.Sequence) }
        }

        /// Deletes one message, if it is there.
        func delete(_ sequence: Int64, of stream: String) throws(EventStoreError) {
            var code = jsErrCode(rawValue: 0)
            let status = js_DeleteMsg(context, stream, UInt64(clamping: sequence), nil, &code)
            if code == JSSequenceNotFoundErr || code == JSNoMessageFoundErr || code == JSStreamMsgDeleteFailed {
                return
            }
            try NATSFault.check(status, code, at("delete message \(sequence) of '\(stream)'"))
        }

        /// Deletes messages.
        ///
        /// - Parameters:
        ///   - stream: the stream's name.
        ///   - subject: those of a subject, which may have wildcards; nil for all.
        ///   - end: only those before a sequence; nil for all.
        func purge(_ stream: String, subject: String? = nil, before end: Int64? = nil) throws(EventStoreError) {
            let strings = CStrings()
            var options = jsOptions()
            try NATSFault.check(jsOptions_Init(&options), "make options")
            options.Stream.Purge.Subject = strings[subject]
            if let end { options.Stream.Purge.Sequence = UInt64(clamping: end) }
            var code = jsErrCode(rawValue: 0)
            let status = js_PurgeStream(context, stream, &options, &code)
            try NATSFault.check(status, code, at("delete messages of '\(stream)'"))
        }

        /// Whether the leader of a stream has a message of some subjects at a sequence or after it.
        func hasMessage(_ subjects: String, from sequence: Int64, in stream: String) throws(EventStoreError) -> Bool {
            try firstMessage(subjects, from: sequence, in: stream) != nil
        }

        /// The first message of some subjects that the leader of a stream has at a sequence or after it.
        func firstMessage(
            _ subjects: String,
            from sequence: Int64,
            in stream: String
        ) throws(EventStoreError) -> Int64? {
            let request = #"{"seq":\#(sequence),"next_by_subj":"\#(subjects)"}"#
            var pointer: OpaquePointer?
            let status = natsConnection_RequestString(
                &pointer,
                connection.core,
                "$JS.API.STREAM.MSG.GET.\(stream)",
                request,
                connection.options.timeout.milliseconds
            )
            try NATSFault.check(status, at("look for messages of '\(subjects)'"))
            guard let pointer else { return nil }
            struct Answer: Decodable {
                struct Message: Decodable { let seq: Int64 }
                struct Fault: Decodable {
                    let code: Int
                    let err_code: UInt32?
                    let description: String?
                }
                let message: Message?
                let error: Fault?
            }
            let text = String(decoding: NATSMessage(owning: pointer).data, as: UTF8.self)
            guard let answer: Answer = jsonValue(text) else {
                throw EventStoreError(.corrupt, "'\(stream)' gave an answer that can't be read")
            }
            if let message = answer.message { return message.seq }
            let code = jsErrCode(rawValue: answer.error?.err_code ?? 0)
            if code == JSNoMessageFoundErr { return nil }
            // A stream without a leader says so. That isn't to be taken for a stream without such messages: they would be passed over.
            throw NATSFault.error(
                answer.error?.code == 503 ? NATS_NO_RESPONDERS : NATS_ERR,
                code,
                at("look for messages of '\(subjects)' in '\(stream)'"),
                detail: answer.error?.description ?? ""
            )
        }
    }

    // Consumers that processes share.

    extension JetStream {
        /// How far a consumer is.
        struct ConsumerState: Hashable, Sendable {
            let filter: String
            /// How many messages nobody has taken.
            let waiting: Int
            /// How many were taken and aren't answered for good.
            let taken: Int
            /// The sequence up to which all are done.
            let floor: Int64
            /// The sequence of the last that was handed out.
            let last: Int64
            /// How many times a message was handed out.
            let handedOut: Int64
        }

        /// How far a consumer is; nil when there is none.
        func consumer(_ name: String, of stream: String) throws(EventStoreError) -> ConsumerState? {
            var info: UnsafeMutablePointer<jsConsumerInfo>?
            defer { jsConsumerInfo_Destroy(info) }
            guard try find(name, of: stream, &info), let found = info?.pointee else { return nil }
            return ConsumerState(
                filter: found.Config?.pointee.FilterSubject.map { String(cString: $0) } ?? ">",
                waiting: Int(clamping: found.NumPending),
                taken: Int(clamping: found.NumAckPending),
                floor: Int64(clamping: found.AckFloor.Stream),
                last: Int64(clamping: found.Delivered.Stream),
                handedOut: Int64(clamping: found.Delivered.Consumer)
            )
        }

        private func find(
            _ name: String,
            of stream: String,
            _ info: inout UnsafeMutablePointer<jsConsumerInfo>?
        ) throws(EventStoreError) -> Bool {
            var code = jsErrCode(rawValue: 0)
            let status = js_GetConsumerInfo(&info, context, stream, name, nil, &code)
            if code == JSConsumerNotFoundErr { return false }
            try NATSFault.check(status, code, at("look at the consumer '\(name)' of '\(stream)'"))
            return true
        }

        /// Makes a durable consumer, or changes what the one that is there takes.
        ///
        /// - Parameters:
        ///   - name: its name.
        ///   - stream: its stream.
        ///   - position: the sequence after which a new one begins.
        ///   - filter: the subject that it takes.
        ///   - lease: how long a message is held for a process that gives no sign of life.
        func makeConsumer(
            _ name: String,
            of stream: String,
            after position: Int64,
            filter: String,
            lease: Duration
        ) throws(EventStoreError) {
            let strings = CStrings()
            defer { withExtendedLifetime(strings) {} }
            var code = jsErrCode(rawValue: 0)
            var info: UnsafeMutablePointer<jsConsumerInfo>?
            defer { jsConsumerInfo_Destroy(info) }
            if try find(name, of: stream, &info), let found = info?.pointee.Config {
                var configuration = found.pointee
                let there = configuration.FilterSubject.map { String(cString: $0) }
                guard there != filter || configuration.AckWait != lease.nanoseconds else { return }
                guard configuration.AckPolicy == js_AckExplicit, configuration.DeliverSubject == nil else {
                    throw EventStoreError(
                        .otherConfiguration,
                        "the consumer '\(name)' of '\(stream)' isn't one that hands messages out and waits for each"
                    )
                }
                configuration.FilterSubject = strings[filter]
                configuration.AckWait = lease.nanoseconds
                let status = js_UpdateConsumer(nil, context, stream, &configuration, nil, &code)
                return try NATSFault.check(status, code, at("change the consumer '\(name)' of '\(stream)'"))
            }
            var configuration = jsConsumerConfig()
            try NATSFault.check(jsConsumerConfig_Init(&configuration), "make a configuration")
            configuration.Durable = strings[name]
            configuration.DeliverPolicy = js_DeliverByStartSequence
            configuration.OptStartSeq = UInt64(clamping: position + 1)
            configuration.AckPolicy = js_AckExplicit
            configuration.AckWait = lease.nanoseconds
            configuration.MaxDeliver = -1
            // Of all processes together. The library doesn't pass "no limit" on, and the server takes 1,000 then.
            configuration.MaxAckPending = 1_000_000
            configuration.MaxWaiting = 8_192
            configuration.FilterSubject = strings[filter]
            let status = js_AddConsumer(nil, context, stream, &configuration, nil, &code)
            // Another process may have made it at the same time, and for other events.
            if code == JSConsumerNameExistErr || code == JSConsumerExistingActiveErr {
                return try makeConsumer(name, of: stream, after: position, filter: filter, lease: lease)
            }
            try NATSFault.check(status, code, at("make the consumer '\(name)' of '\(stream)'"))
        }

        /// Deletes a consumer, if it is there.
        func deleteConsumer(_ name: String, of stream: String) throws(EventStoreError) {
            var code = jsErrCode(rawValue: 0)
            let status = js_DeleteConsumer(context, stream, name, nil, &code)
            if code == JSConsumerNotFoundErr { return }
            try NATSFault.check(status, code, at("delete the consumer '\(name)' of '\(stream)'"))
        }
    }

    /// Copies of texts for structures of C, which live as long as this does.
    final class CStrings {
        private var copies: [UnsafeMutablePointer<CChar>] = []

        deinit { for copy in copies { free(copy) } }

        /// A copy of a text; nil for none.
        subscript(text: String?) -> UnsafePointer<CChar>? {
            guard let copy = text.flatMap({ strdup($0) }) else { return nil }
            copies.append(copy)
            return UnsafePointer(copy)
        }
    }

    extension StoreThread {
        /// Runs a closure on the thread, and returns what it does.
        func perform<Result: Sendable>(
            _ body: @escaping @Sendable () throws(EventStoreError) -> Result
        ) async throws(EventStoreError) -> Result {
            let ended: Swift.Result<Result, EventStoreError> = await withCheckedContinuation { continuation in
                run {
                    do throws(EventStoreError) {
                        continuation.resume(returning: .success(try body()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            }
            return try ended.get()
        }
    }
#endif
