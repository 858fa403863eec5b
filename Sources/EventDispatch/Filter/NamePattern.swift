/// A pattern of dotted names: `*` stands for one token, and `**`, as the last one, for the rest, none included.
struct NamePattern: Hashable, Sendable {
    let source: String
    /// The tokens, without the `**`.
    let tokens: [Substring]
    /// Whether `**` follows the tokens.
    let matchesRest: Bool

    init(_ source: String) {
        self.source = source
        var tokens: [Substring] = []
        Self.forEachToken(of: source) { tokens.append($0) }
        matchesRest = tokens.last == "**"
        if matchesRest { tokens.removeLast() }
        self.tokens = tokens
    }

    /// What is wrong with the pattern, if anything is.
    var problem: String? {
        for token in tokens {
            if token.isEmpty { return "a token of the pattern is empty" }
            if token == "**" { return "'**' stands for the rest and can only be the last token" }
            if token != "*" && token.contains("*") {
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
            if count < tokens.count { fits = fits && (tokens[count] == "*" || tokens[count] == token) }
            count += 1
        }
        return fits && (matchesRest ? count >= tokens.count : count == tokens.count)
    }

    /// Calls a closure with each token of a dotted name.
    static func forEachToken(of name: String, _ body: (Substring) -> Void) {
        // In ASCII a "." is a Character by itself.
        if name.isASCII {
            var start = name.startIndex
            while let dot = name.utf8[start...].firstIndex(of: UInt8(ascii: ".")) {
                body(name[start..<dot])
                start = name.utf8.index(after: dot)
            }
            return body(name[start...])
        }
        var rest = name[...]
        while let dot = rest.firstIndex(of: ".") {
            body(rest[..<dot])
            rest = rest[rest.index(after: dot)...]
        }
        body(rest)
    }
}
