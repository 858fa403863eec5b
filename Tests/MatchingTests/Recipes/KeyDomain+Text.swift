import EventDispatch
import ProgramSupport
import TestSupport

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
                    text(event).map { PlainPattern(pattern).matches($0) } ?? false
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
}
