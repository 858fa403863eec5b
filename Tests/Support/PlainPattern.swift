/// What a pattern of dotted names means, said as plainly as can be: an oracle for tests and for fuzzing.
public struct PlainPattern {
    private let tokens: [String]

    /// Reads a pattern.
    public init(_ source: String) { tokens = Self.tokens(of: source) }

    /// Whether no token is empty, `*` is always a whole token, and `**` only the last.
    public var isWellFormed: Bool {
        tokens.enumerated().allSatisfy { index, token in
            switch token {
            case "": false
            case "*": true
            case "**": index == tokens.count - 1
            default: !token.unicodeScalars.contains("*")
            }
        }
    }

    /// Whether a name fits a pattern that is well-formed.
    public func matches(_ name: String) -> Bool {
        var names = Self.tokens(of: name)[...]
        for token in tokens {
            if token == "**" { return true }
            guard let next = names.popFirst(), Self.fits(next, token) else { return false }
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
