/// A pattern of dotted names: `*` stands for one token, `**`, as the last one, for the rest, none included.
struct NamePattern: Sendable {
    let source: String
    private let tokens: [Substring]
    private let matchesRest: Bool

    init(_ source: String) {
        self.source = source
        var tokens = Self.tokens(of: source)
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

    func matches(_ name: String) -> Bool {
        let names = Self.tokens(of: name)
        guard matchesRest ? names.count >= tokens.count : names.count == tokens.count else { return false }
        return zip(tokens, names).allSatisfy { token, name in token == "*" || token == name }
    }

    private static func tokens(of name: String) -> [Substring] {
        name.split(separator: ".", omittingEmptySubsequences: false)
    }
}
