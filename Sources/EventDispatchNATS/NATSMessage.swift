#if NATS
    import CNATS
    import EventDispatchStore
    import Foundation

    /// A message of libnats, which is destroyed with the value.
    struct NATSMessage: ~Copyable {
        private let pointer: OpaquePointer

        /// How many bytes a subject may have. A server takes 4,096 for the line with the subject, the reply subject and two sizes, and closes
        /// the connection, with all that is under way on it, at a longer one.
        private static let mostOfSubject = 3_900

        /// Takes a message over.
        init(owning pointer: OpaquePointer) { self.pointer = pointer }

        /// Makes a message to be published.
        init(to subject: String, headers: [(String, String)], data: Data) throws(EventStoreError) {
            self.init(owning: try Self.make(subject, headers, data))
        }

        private static func make(
            _ subject: String,
            _ headers: [(String, String)],
            _ data: Data
        ) throws(EventStoreError) -> OpaquePointer {
            guard subject.utf8.count <= mostOfSubject else {
                throw EventStoreError(.tooLarge, "a subject of \(subject.utf8.count) bytes is too long for NATS")
            }
            guard let size = Int32(exactly: data.count) else {
                throw EventStoreError(.tooLarge, "a message of \(data.count) bytes is too large for NATS")
            }
            var made: OpaquePointer?
            let status = data.withUnsafeBytes { bytes in
                natsMsg_Create(&made, subject, nil, bytes.bindMemory(to: CChar.self).baseAddress, size)
            }
            try NATSFault.check(status, "make a message to '\(subject)'")
            guard let made else { throw EventStoreError(.unavailable, "the library made no message") }
            do throws(EventStoreError) {
                for (name, value) in headers {
                    try NATSFault.check(natsMsgHeader_Set(made, name, value), "set the header '\(name)'")
                }
            } catch {
                natsMsg_Destroy(made)
                throw error
            }
            return made
        }

        deinit { natsMsg_Destroy(pointer) }

        /// Hands the message over: it isn't destroyed here.
        consuming func release() -> OpaquePointer {
            let pointer = pointer
            discard self
            return pointer
        }

        /// The message for a call that leaves it here.
        var borrowed: OpaquePointer { pointer }

        /// Where it was published.
        var subject: String { natsMsg_GetSubject(pointer).map { String(cString: $0) } ?? "" }

        /// Where an answer would go; a message of a consumer tells there what it is.
        var reply: String { natsMsg_GetReply(pointer).map { String(cString: $0) } ?? "" }

        /// What it carries.
        var data: Data {
            guard let bytes = natsMsg_GetData(pointer) else { return Data() }
            return Data(bytes: bytes, count: Int(natsMsg_GetDataLength(pointer)))
        }

        /// The sequence in its stream; for messages that were asked for by that.
        var sequence: Int64 { Int64(clamping: natsMsg_GetSequence(pointer)) }

        /// When its stream took it; for messages that were asked for by their sequence.
        var time: StoreTime { StoreTime(sinceEpoch: .nanoseconds(natsMsg_GetTime(pointer))) }

        /// The value of a header, whatever the case of its name; nil when there is none.
        func header(_ name: String) -> String? {
            exactHeader(name) ?? exactHeader(name.capitalizedHeader)
        }

        private func exactHeader(_ name: String) -> String? {
            var value: UnsafePointer<CChar>?
            guard natsMsgHeader_Get(pointer, name, &value) == NATS_OK, let value else { return nil }
            return String(cString: value)
        }

        /// The number of a status, such as 404 for "no messages"; nil for a message of a stream, whatever its headers are: it has a reply subject.
        var status: Int? {
            guard natsMsg_GetDataLength(pointer) == 0, natsMsg_GetReply(pointer) == nil else { return nil }
            return header("Status").flatMap { Int($0) }
        }
    }

    /// What the reply subject of a consumer's message tells.
    struct ConsumerPlace {
        /// The sequence in the stream.
        let sequence: Int64
        /// How often the message has been handed out.
        let deliveries: Int
        /// How many times the consumer has handed a message out, with this one.
        let own: Int64
        /// When the stream took the message.
        let time: StoreTime
        /// How many messages of the consumer stand behind it.
        let pending: Int64

        /// Reads a reply subject; nil when it isn't one of a consumer.
        init?(_ reply: String) {
            // $JS.ACK.stream.consumer.deliveries.sequence.own.time.pending, with domain and account after ACK in newer servers, and then
            // something at the end.
            guard reply.hasPrefix("$JS.ACK.") else { return nil }
            let parts = reply.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(
                Substring.init
            )
            guard parts.count >= 9 else { return nil }
            let first = parts.count == 9 ? 2 : 4
            guard
                parts.count >= first + 7, let deliveries = Int(parts[first + 2]),
                let sequence = Int64(parts[first + 3]), let own = Int64(parts[first + 4]),
                let time = Int64(parts[first + 5]), let pending = Int64(parts[first + 6])
            else { return nil }
            self.sequence = sequence
            self.deliveries = deliveries
            self.own = own
            self.time = StoreTime(sinceEpoch: .nanoseconds(time))
            self.pending = pending
        }
    }

    extension String {
        /// The name as programs write it that write each word of a header large.
        fileprivate var capitalizedHeader: String {
            var isFirst = true
            let bytes = utf8.map { byte in
                defer { isFirst = byte == UInt8(ascii: "-") }
                return isFirst && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
#endif
