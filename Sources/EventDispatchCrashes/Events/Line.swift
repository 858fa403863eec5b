#if SQLite
    import Foundation

    /// A line that a child tells its parent.
    struct Line {
        enum Verb: String {
            /// The process is up; nothing is open yet.
            case opens
            /// All subscriptions are open.
            case ready
            /// `publish` has returned.
            case published
            /// A handler starts, has returned, is about to throw.
            case begins, ends, fails
            /// The subscriptions are stopped: all deliveries ended, or some were left behind.
            case stopped, interrupted
            /// Something that must not happen has happened.
            case fault
        }

        /// Nanoseconds on a clock that all processes share.
        let time: UInt64
        let verb: Verb
        var taker: Taker?
        /// The event's ID, or a text.
        var id = ""
        var sequence = 0
        var attempt = 0

        init(_ verb: Verb, taker: Taker? = nil, id: String = "", sequence: Int = 0, attempt: Int = 0) {
            time = Self.now
            self.verb = verb
            self.taker = taker
            self.id = id
            self.sequence = sequence
            self.attempt = attempt
        }

        /// Reads a line; nil when it isn't one.
        init?(_ text: some StringProtocol) {
            let words = text.split(separator: " ", maxSplits: 5)
            guard words.count == 6, let time = UInt64(words[0]), let verb = Verb(rawValue: String(words[1])),
                let sequence = Int(words[3]), let attempt = Int(words[4])
            else { return nil }
            self.time = time
            self.verb = verb
            taker = Taker(rawValue: String(words[2]))
            self.sequence = sequence
            self.attempt = attempt
            id = String(words[5])
        }

        static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

        var text: String {
            "\(time) \(verb.rawValue) \(taker?.rawValue ?? "-") \(sequence) \(attempt) \(id.isEmpty ? "-" : id)"
        }

        /// Tells it, with one `write`: lines of that length are neither torn nor mixed.
        func tell() {
            let bytes = Array((text.prefix(400) + "\n").utf8)
            _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        }
    }
#endif
