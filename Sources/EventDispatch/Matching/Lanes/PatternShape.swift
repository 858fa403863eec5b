/// What patterns of dotted names have in common that are looked up in the same way: how many tokens, which of them are `*`, and
/// whether `**` follows.
struct PatternShape: BitwiseCopyable, Comparable {
    let tokenCount: UInt8
    let matchesRest: Bool
    /// A bit for each `*`.
    let wildcards: UInt64

    static func < (left: Self, right: Self) -> Bool {
        (left.tokenCount, left.matchesRest ? 1 : 0, left.wildcards)
            < (right.tokenCount, right.matchesRest ? 1 : 0, right.wildcards)
    }

    /// The most tokens that a pattern can have to be filed by its shape.
    static var maximumTokens: Int { 64 }

    /// Whether a name of so many tokens can fit.
    func admits(_ count: Int) -> Bool { matchesRest ? count >= tokenCount : count == tokenCount }

    /// The hash of a name or pattern, by those of its tokens, where this shape has no `*`.
    func hash(of tokens: UnsafeBufferPointer<Int>) -> Int {
        var hasher = Hasher()
        for index in 0..<Int(tokenCount) where wildcards >> UInt64(index) & 1 == 0 { hasher.combine(tokens[index]) }
        return hasher.finalize()
    }
}

extension NamePattern {
    /// The pattern's shape; only for one of at most `PatternShape.maximumTokens`.
    var shape: PatternShape {
        let wildcards = tokens.indices.reduce(UInt64(0)) { tokens[$1] == "*" ? $0 | 1 << UInt64($1) : $0 }
        return PatternShape(tokenCount: UInt8(tokens.count), matchesRest: matchesRest, wildcards: wildcards)
    }
}
