/// What a pattern of dotted names means, said as plainly as can be.
struct PlainPattern {
    private let tokens: [String]

    init(_ source: String) { tokens = Self.tokens(of: source) }

    /// Whether no token is empty, `*` is always a whole token, and `**` only the last.
    var isWellFormed: Bool {
        tokens.enumerated().allSatisfy { index, token in
            switch token {
            case "": false
            case "*": true
            case "**": index == tokens.count - 1
            default: !token.contains("*" as Character)
            }
        }
    }

    /// Whether a name fits a pattern that is well-formed.
    func matches(_ name: String) -> Bool {
        var names = Self.tokens(of: name)[...]
        for token in tokens {
            if token == "**" { return true }
            guard let next = names.popFirst(), token == "*" || token == next else { return false }
        }
        return names.isEmpty
    }

    private static func tokens(of name: String) -> [String] {
        var tokens = [""]
        for character in name {
            if character == "." { tokens.append("") } else { tokens[tokens.count - 1].append(character) }
        }
        return tokens
    }
}
