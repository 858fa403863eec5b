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

        /// How many subjects are read side by side at most.
        private static let mostFilters = 8

        /// The subjects that the events of an interest are on, with as few others as that many subjects can have. No event is on two.
        func filters(for interest: EventInterest) -> [String] {
            let names = Set(interest.parts.map(name))
            let haveCommon =
                names.count < interest.parts.count
                || names.contains { name in
                    names.contains { $0.hasPrefix(name + ".") }
                }
            guard !interest.isEverything, !haveCommon else { return [common(interest)] }
            let filters = interest.parts.flatMap { part in
                narrowed(part) ?? [name(part), name(part) + ".>"]
            }
            return filters.count <= Self.mostFilters ? filters : [common(interest)]
        }

        /// The one subject that all events of an interest are on, with as few others as one can have.
        ///
        /// An event may have routing values or none, and no wildcard stands for both. So the last token that all names have in common is
        /// left open too.
        func common(_ interest: EventInterest) -> String {
            let names = interest.parts.map { Array(Self.tokens(ofName: $0.name).dropLast()) }
            let common = names.dropFirst().reduce(names.first ?? []) { common, tokens in
                zip(common, tokens).prefix { $0 == $1 }.map(\.0)
            }
            return ([prefix] + common + [">"]).joined(separator: ".")
        }

        private func name(_ part: EventInterest.Part) -> String {
            ([prefix] + Self.tokens(ofName: part.name)).joined(separator: ".")
        }

        /// The subjects of the events that have one of the wanted values, and of all that another release of their type published, with fewer
        /// or more routing keys; nil where the values aren't listed, or are too many.
        private func narrowed(_ part: EventInterest.Part) -> [String]? {
            guard !part.routing.isEmpty else { return nil }
            var subjects = [name(part)]
            for key in part.keys.sorted() {
                let tokens = part.routing[key].map { $0.sorted().map(Self.token) } ?? ["*"]
                guard subjects.count * tokens.count < Self.mostFilters else { return nil }
                subjects = subjects.flatMap { subject in tokens.map { "\(subject).\($0)" } }
            }
            let fewer = part.keys.indices.map { name(part) + String(repeating: ".*", count: $0) }
            return subjects + fewer + [name(part) + String(repeating: ".*", count: part.keys.count) + ".>"]
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
