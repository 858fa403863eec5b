#if NATS
    import EventDispatchStore
    import Foundation

    /// The subjects of a stream of events: `prefix.storedName.routingValue…`.
    ///
    /// The dots of a stored name separate tokens, so that `shop.order.*` means what it looks like. Everything else that a token mustn't have,
    /// and the dots of routing values, is percent-encoded. Routing values stand in the order of the names of their keys.
    struct EventSubjects: Hashable, Sendable {
        let prefix: String

        /// All of them.
        var all: String { "\(prefix).>" }

        /// The subject of an event.
        func subject(of event: StoredEvent) -> String {
            let values = event.routing.sorted { $0.key < $1.key }.map { Self.token($0.value) }
            return ([prefix] + Self.tokens(ofName: event.name) + values).joined(separator: ".")
        }

        /// The stored name that follows from a subject, when it has no routing values.
        func name(of subject: String) -> String {
            let own = subject.dropFirst(prefix.count + 1)
            return own.removingPercentEncoding ?? String(own)
        }

        /// A subject that all events of an interest are in, with as few others as one subject can have.
        ///
        /// An event may have routing values or none, and no wildcard stands for both. So the last token that all names have in common is
        /// left open too.
        func filter(for interest: EventInterest) -> String {
            var common: [String]?
            for part in interest.parts {
                let tokens = Array(Self.tokens(ofName: part.name).dropLast())
                guard let so = common else {
                    common = tokens
                    continue
                }
                common = zip(so, tokens).prefix { $0 == $1 }.map(\.0)
            }
            return ([prefix] + (common ?? []) + [">"]).joined(separator: ".")
        }

        private static func tokens(ofName name: String) -> [String] {
            name.split(separator: ".", omittingEmptySubsequences: false).map { token(String($0)) }
        }

        /// A text as one token of a subject: letters, digits, `-`, `_` and `~` as they are, a lone `%` for nothing.
        static func token(_ text: String) -> String {
            guard !text.isEmpty else { return "%" }
            var token = ""
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                    token.unicodeScalars.append(Unicode.Scalar(byte))
                default:
                    token += byte.percentEncoded
                }
            }
            return token
        }

        /// The text of a token.
        static func text(_ token: some StringProtocol) -> String {
            token == "%" ? "" : token.removingPercentEncoding ?? String(token)
        }
    }
#endif
