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

        /// The subjects that the events of an interest are on, with as few others as that many subjects can have.
        ///
        /// - Parameters:
        ///   - interest: the wanted events.
        ///   - isNarrowed: whether a part's routing values are to be part of the subjects.
        func filters(for interest: EventInterest, _ isNarrowed: (EventInterest.Part) -> Bool) -> [String] {
            let names = Set(interest.parts.map(name))
            // An event would be on two of the subjects.
            let haveCommon =
                names.count < interest.parts.count
                || names.contains { name in
                    names.contains { $0.hasPrefix(name + ".") }
                }
            guard !interest.isEverything, !haveCommon else { return [common(interest)] }
            let filters = interest.parts.reduce(into: [String]()) { filters, part in
                let own = isNarrowed(part) ? narrowed(part) : []
                filters += own.isEmpty ? [name(part), name(part) + ".>"] : own + [name(part)]
            }
            return filters.count <= Self.mostFilters ? filters : [common(interest)]
        }

        /// The one subject that all events of an interest are on, with as few others as one can have.
        ///
        /// An event may have routing values or none, and no wildcard stands for both. So the last token that all names have in common is
        /// left open too, unless the interest is in one value of each routing key.
        func filter(for interest: EventInterest, _ isNarrowed: (EventInterest.Part) -> Bool) -> String {
            if interest.parts.count == 1, let part = interest.parts.first, isNarrowed(part) {
                let own = narrowed(part)
                if own.count == 1 { return own[0] }
            }
            return common(interest)
        }

        private func common(_ interest: EventInterest) -> String {
            let names = interest.parts.map { Array(Self.tokens(ofName: $0.name).dropLast()) }
            let common = names.dropFirst().reduce(names.first ?? []) { common, tokens in
                zip(common, tokens).prefix { $0 == $1 }.map(\.0)
            }
            return ([prefix] + common + [">"]).joined(separator: ".")
        }

        /// The subject of the events of a part that have no routing values.
        func name(_ part: EventInterest.Part) -> String {
            ([prefix] + Self.tokens(ofName: part.name)).joined(separator: ".")
        }

        /// The subjects of the events that have a value of every routing key, and one of the wanted ones; empty when there are too many.
        private func narrowed(_ part: EventInterest.Part) -> [String] {
            guard !part.routing.isEmpty else { return [] }
            var subjects = [name(part)]
            for key in part.keys.sorted() {
                let tokens = part.routing[key].map { $0.sorted().map(Self.token) } ?? ["*"]
                guard subjects.count * tokens.count < Self.mostFilters else { return [] }
                subjects = subjects.flatMap { subject in tokens.map { "\(subject).\($0)" } }
            }
            return subjects
        }

        /// All events of a part that have routing values, and those of them that have one of every key.
        func shapes(of part: EventInterest.Part) -> (any: String, full: String) {
            (name(part) + ".>", name(part) + String(repeating: ".*", count: part.keys.count))
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
