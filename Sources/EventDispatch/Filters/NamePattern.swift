/// A pattern of dotted names: `*` stands for one token, and `**`, as the last one, for the rest, none included.
struct NamePattern: Hashable, Sendable {
    let text: String
    /// The tokens, without the `**`.
    let tokens: [Substring]
    /// Whether `**` follows the tokens.
    let matchesRest: Bool

    init(_ text: String) {
        self.text = text
        var tokens: [Substring] = []
        Self.forEachToken(of: text) { tokens.append($0) }
        matchesRest = tokens.last == "**"
        if matchesRest { tokens.removeLast() }
        self.tokens = tokens
    }

    /// The defect of the pattern, if it has one.
    var problem: String? {
        for token in tokens {
            if token.isEmpty { return "a token of the pattern is empty" }
            if token == "**" { return "'**' stands for the rest and can only be the last token" }
            if token != "*" && token.utf8.contains(UInt8(ascii: "*")) {
                return "'*' stands for a whole token, not for a part of '\(token)'"
            }
        }
        return nil
    }

    /// Whether a name fits.
    func matches(_ name: String) -> Bool {
        var count = 0
        var fits = true
        Self.forEachToken(of: name) { token in
            if count < tokens.count { fits = fits && Self.fits(token, tokens[count]) }
            count += 1
        }
        return fits && (matchesRest ? count >= tokens.count : count == tokens.count)
    }

    /// Whether a token of a name fits one of a pattern: `Created<Order>` fits `Created` too.
    private static func fits(_ token: Substring, _ pattern: Substring) -> Bool {
        if pattern == "*" { return !token.isEmpty }
        return token == pattern || token.withoutGenericArguments == pattern
    }
}

// MARK: - Tokens

extension NamePattern {
    /// Calls a closure with each token of a dotted name.
    ///
    /// Tokens are separated by the byte `.`: not by the Character, which a dot before a combining mark is not. What stands between
    /// brackets belongs to one token, as in `App.Created<Shop.Order>`. A bracket that nothing closes is a letter like others, and so
    /// are all that follow it.
    static func forEachToken(of name: String, _ body: (Substring) -> Void) {
        var contiguous = name
        contiguous.withUTF8 { bytes in
            func token(_ range: Range<Int>) -> Substring {
                let start = name.utf8.index(name.startIndex, offsetBy: range.lowerBound)
                return name[start..<name.utf8.index(start, offsetBy: range.count)]
            }
            var start = 0
            var next = 0
            var hasBrackets = true
            while next < bytes.count {
                switch bytes[next] {
                case UInt8(ascii: "."):
                    body(token(start..<next))
                    start = next + 1
                case UInt8(ascii: "<"), UInt8(ascii: "("), UInt8(ascii: "`"):
                    guard hasBrackets else { break }
                    if let end = endOfBrackets(from: next, in: bytes) { next = end } else { hasBrackets = false }
                default: break
                }
                next += 1
            }
            body(token(start..<bytes.count))
        }
    }

    /// Where a bracket is closed; nil where it is not. Between backticks, brackets are letters.
    private static func endOfBrackets(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var depth = 0
        var next = start
        while next < bytes.count {
            switch bytes[next] {
            case UInt8(ascii: "<"), UInt8(ascii: "("): depth += 1
            // An arrow closes nothing.
            case UInt8(ascii: ">") where bytes[next - 1] == UInt8(ascii: "-"): break
            case UInt8(ascii: ">"), UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "`"):
                guard let end = bytes[(next + 1)...].firstIndex(of: UInt8(ascii: "`")) else { return nil }
                next = end
            default: break
            }
            if depth == 0 { return next }
            next += 1
        }
        return nil
    }
}

extension Substring {
    /// The token of a name without its generic arguments; nil where it has none.
    var withoutGenericArguments: Substring? {
        guard utf8.last == UInt8(ascii: ">"), let start = utf8.firstIndex(of: UInt8(ascii: "<")), start > startIndex
        else { return nil }
        return self[..<start]
    }
}

/// A pattern of dotted names, for the testing module.
package struct NamePatternMatcher: Sendable {
    private let pattern: NamePattern

    package init(_ pattern: String) { self.pattern = NamePattern(pattern) }

    /// The mistake in the pattern; nil without one.
    package var problem: String? { pattern.problem }

    /// Whether a name fits.
    package func matches(_ name: String) -> Bool { pattern.matches(name) }
}
