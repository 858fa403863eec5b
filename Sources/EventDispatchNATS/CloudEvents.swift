#if NATS
    import CNATS
    import EventDispatchStore
    import Foundation

    // Events as messages: CloudEvents 1.0 in binary mode, the attributes as headers that begin with `ce-`, the data as it is. Other programs
    // may publish them in structured mode too, all in one JSON object.

    extension StoredEvent {
        /// The event as a message to a subject.
        func message(to subject: String, and more: [(String, String)] = []) throws(EventStoreError) -> NATSMessage {
            var headers = [
                ("ce-specversion", "1.0"), ("ce-id", id.headerValue), ("ce-type", name.headerValue),
                ("ce-source", source.headerValue), ("ce-time", time.text), ("ce-schemaversion", "\(schemaVersion)"),
                ("content-type", "application/json"),
            ]
            if let trace { headers.append(("ce-traceparent", trace.headerValue)) }
            if !routing.isEmpty { headers.append(("ce-routing", jsonText(routing).headerValue)) }
            return try NATSMessage(to: subject, headers: headers + more, data: data)
        }

        /// Reads a message. Attributes that are missing, because another program left them out, follow from where the message stands.
        ///
        /// - Parameters:
        ///   - message: the message.
        ///   - sequence: its place in the stream.
        ///   - time: when the stream took it.
        ///   - subjects: the subjects of the stream.
        init(_ message: borrowing NATSMessage, at sequence: Int64, _ time: StoreTime, _ subjects: EventSubjects) {
            let structure = StructuredEvent(message)
            func attribute(_ name: String) -> String? {
                if let structure { return structure.attributes[name] }
                guard let value = message.header("ce-\(name)") else { return nil }
                return value.utf8.contains(UInt8(ascii: "%")) ? value.removingPercentEncoding ?? value : value
            }
            self.init(
                id: attribute("id") ?? message.header("Nats-Msg-Id") ?? "\(subjects.prefix)/\(sequence)",
                name: attribute("type") ?? subjects.name(of: message.subject),
                schemaVersion: attribute("schemaversion").flatMap { Int($0) } ?? 1,
                source: attribute("source") ?? "",
                time: attribute("time").flatMap { StoreTime(text: $0) } ?? time,
                routing: attribute("routing").flatMap { jsonValue($0) } ?? [:],
                trace: attribute("traceparent"),
                data: structure?.data ?? message.data
            )
            self.sequence = sequence
        }
    }

    /// An event in structured mode.
    private struct StructuredEvent {
        var attributes: [String: String] = [:]
        var data = Data()

        /// Reads a message; nil when it isn't one in structured mode.
        init?(_ message: borrowing NATSMessage) {
            guard
                message.header("content-type")?.lowercased().hasPrefix("application/cloudevents+json") == true,
                let object = try? JSONSerialization.jsonObject(with: message.data) as? [String: Any]
            else { return nil }
            for (name, value) in object where name != "data" && name != "data_base64" {
                attributes[name] = value as? String ?? "\(value)"
            }
            if let text = object["data_base64"] as? String {
                data = Data(base64Encoded: text) ?? Data()
            } else if let value = object["data"] {
                let written = try? JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
                data = written ?? Data()
            }
        }
    }

    extension String {
        /// The text as a value of a header, as CloudEvents says it: spaces, quotes, percent signs and everything that isn't ASCII or can't
        /// be printed are percent-encoded.
        var headerValue: String {
            var text = ""
            for byte in utf8 {
                if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "%") {
                    text.unicodeScalars.append(Unicode.Scalar(byte))
                } else {
                    text += byte.percentEncoded
                }
            }
            return text
        }
    }

    extension UInt8 {
        /// The byte as `%` and two digits.
        var percentEncoded: String { (self < 16 ? "%0" : "%") + String(self, radix: 16, uppercase: true) }
    }

    extension StoreTime {
        /// The time as RFC 3339 writes it, in UTC, with microseconds where there are any.
        var text: String {
            let microseconds = microseconds
            let (seconds, rest) = microseconds.quotientAndRemainder(floor: 1_000_000)
            let whole = CivilTime(seconds)?.text ?? Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
            guard rest > 0 else { return whole }
            let digits = String(rest)
            return whole.dropLast() + "." + String(repeating: "0", count: 6 - digits.count) + digits + "Z"
        }

        /// Reads a time as RFC 3339 writes it; nil when it's something else.
        init?(text: String) {
            guard let point = text.firstIndex(of: ".") else {
                if let seconds = CivilTime(text)?.seconds {
                    self.init(sinceEpoch: .seconds(seconds))
                    return
                }
                guard let date = try? Date(text, strategy: .iso8601) else { return nil }
                self.init(date)
                return
            }
            let digits = text[text.index(after: point)...].prefix { $0.isASCII && $0.isNumber }
            guard
                let whole = StoreTime(text: String(text[..<point]) + String(text[digits.endIndex...])),
                let fraction = Int64(digits.prefix(6)), !digits.isEmpty
            else { return nil }
            var unit: Int64 = 1_000_000
            for _ in digits.prefix(6) { unit /= 10 }
            self = whole + .microseconds(fraction * unit)
        }
    }

    /// Seconds since 1970 and what RFC 3339 writes for them in UTC. Foundation takes several microseconds for one, and each event has one.
    private struct CivilTime {
        let seconds: Int64
        let text: String

        /// The time so many seconds after the beginning of 1970; nil outside of the years that have four digits.
        init?(_ seconds: Int64) {
            var (time, parts) = (time_t(seconds), tm())
            guard gmtime_r(&time, &parts) != nil, (0..<10_000).contains(parts.tm_year + 1_900) else { return nil }
            self.seconds = seconds
            var digits: [UInt8] = []
            func write(_ number: Int32, _ count: Int, _ end: Unicode.Scalar) {
                let text = String(number)
                digits += repeatElement(UInt8(ascii: "0"), count: count - text.utf8.count) + Array(text.utf8)
                digits.append(UInt8(ascii: end))
            }
            write(parts.tm_year + 1_900, 4, "-")
            write(parts.tm_mon + 1, 2, "-")
            write(parts.tm_mday, 2, "T")
            write(parts.tm_hour, 2, ":")
            write(parts.tm_min, 2, ":")
            write(parts.tm_sec, 2, "Z")
            text = String(decoding: digits, as: UTF8.self)
        }

        /// Reads a text such as `2026-11-30T18:00:00Z`; nil for other forms.
        init?(_ text: String) {
            let bytes = Array(text.utf8)
            guard bytes.count == 20 else { return nil }
            func number(_ range: Range<Int>) -> Int32? { Int32(String(decoding: bytes[range], as: UTF8.self)) }
            guard
                let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
                let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
            else { return nil }
            var parts = tm()
            (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1_900, month - 1, day)
            (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
            // A date that there isn't, such as the 30th of February, would be taken as another one.
            guard let time = Self(Int64(timegm(&parts))), time.text == text else { return nil }
            self = time
        }
    }

    extension Int64 {
        /// The quotient that isn't greater than the exact one, and what is left, which isn't negative.
        fileprivate func quotientAndRemainder(floor divisor: Int64) -> (Int64, Int64) {
            let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
            return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
        }
    }
#endif
