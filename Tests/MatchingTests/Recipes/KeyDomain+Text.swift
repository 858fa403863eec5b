import EventDispatch
import ProgramSupport

extension KeyDomain where Value: MatchableText {
    /// Literals on text, character by character.
    ///
    /// - Parameters:
    ///   - text: how a test reads the text.
    ///   - fragments: what the text may begin with, end with or contain.
    ///   - patterns: what it may match.
    func text(
        _ text: @escaping (Event) -> String?,
        fragments: [String] = Domain.fragments,
        patterns: [String] = Domain.patterns
    ) -> [LiteralOffers<Event>.Offer] {
        let (name, key) = (name, key)
        return [
            { random in
                let prefix = String(random.pick(fragments).prefix(length(&random)))
                return Literal(.hasPrefix, name, prefix, Filter(key, hasPrefix: prefix)) { event in
                    text(event)?.starts(with: prefix) ?? false
                }
            },
            { random in
                let suffix = String(random.pick(fragments).suffix(length(&random)))
                return Literal(.hasSuffix, name, suffix, Filter(key, hasSuffix: suffix)) { event in
                    text(event)?.reversed().starts(with: suffix.reversed()) ?? false
                }
            },
            { random in
                let part = String(random.pick(fragments).prefix(length(&random)))
                return Literal(.containsText, name, part, Filter(key, contains: part)) { event in
                    text(event).map { PlainText.contains($0, part) } ?? false
                }
            },
            { random in
                let pattern = random.pick(patterns)
                return Literal(.matchesPattern, name, pattern, Filter(key, matches: pattern)) { event in
                    text(event).map { PlainText.matches($0, pattern: pattern) } ?? false
                }
            },
        ]
    }

    /// How much of a fragment to take: now and then all of it, mostly a few characters, so that some text has it.
    private func length(_ random: inout SplitMix64) -> Int {
        random.oneIn(3) ? .max : Int.random(in: 0...5, using: &random)
    }
}

/// What conditions on text mean, said as plainly as can be.
enum PlainText {
    /// Whether somewhere in a text another one stands, character by character.
    static func contains(_ text: String, _ part: String) -> Bool {
        var rest = text[...]
        while true {
            if rest.starts(with: part) { return true }
            if rest.isEmpty { return false }
            rest.removeFirst()
        }
    }

    /// Whether a dotted name fits a pattern.
    static func matches(_ name: String, pattern: String) -> Bool {
        var names = tokens(of: name)[...]
        for token in tokens(of: pattern) {
            if token == "**" { return true }
            guard let next = names.popFirst(), fits(next, token) else { return false }
        }
        return names.isEmpty
    }

    /// The tokens of a name: what stands between dots that no brackets enclose.
    private static func tokens(of name: String) -> [String] {
        let scalars = Array(name.unicodeScalars)
        var tokens = [""]
        var isUnclosed = false
        var index = 0
        while index < scalars.count {
            var end = index
            if "<(`".unicodeScalars.contains(scalars[index]), !isUnclosed {
                if let close = closing(index, in: scalars) { end = close } else { isUnclosed = true }
            }
            if scalars[index] == "." {
                tokens.append("")
            } else {
                for scalar in scalars[index...end] { tokens[tokens.count - 1].unicodeScalars.append(scalar) }
            }
            index = end + 1
        }
        return tokens
    }

    /// Where a bracket is closed; nil where it is not.
    private static func closing(_ open: Int, in scalars: [Unicode.Scalar]) -> Int? {
        var (depth, isQuoted) = (0, false)
        for index in open..<scalars.count {
            switch scalars[index] {
            case "`": isQuoted.toggle()
            case "<" where !isQuoted, "(" where !isQuoted: depth += 1
            case ")" where !isQuoted: depth -= 1
            case ">" where !isQuoted && (index == open || scalars[index - 1] != "-"): depth -= 1
            default: break
            }
            if depth == 0 && !isQuoted { return index }
        }
        return nil
    }

    /// Whether a token of a name fits one of a pattern.
    private static func fits(_ token: String, _ pattern: String) -> Bool {
        if pattern == "*" { return !token.isEmpty }
        if token == pattern { return true }
        guard token.unicodeScalars.last == ">", let start = token.unicodeScalars.firstIndex(of: "<") else {
            return false
        }
        let name = String(token.unicodeScalars[..<start])
        return !name.isEmpty && name == pattern
    }
}
