/// What patterns of dotted names have in common that are looked up in the same way: how many tokens, which of them are `*`, which
/// have generic arguments, and whether `**` follows.
struct PatternShape: BitwiseCopyable, Comparable {
    let tokenCount: UInt8
    let matchesRest: Bool
    /// A bit for each `*`.
    let wildcards: UInt64
    /// A bit for each token with generic arguments, which fits only its like; one without fits all that have some.
    let specialisations: UInt64

    static func < (left: Self, right: Self) -> Bool {
        (left.tokenCount, left.matchesRest ? 1 : 0, left.wildcards, left.specialisations)
            < (right.tokenCount, right.matchesRest ? 1 : 0, right.wildcards, right.specialisations)
    }

    /// The most tokens that a pattern can have to be filed by its shape.
    static var maximumTokens: Int { 64 }

    /// Whether a name of so many tokens can fit.
    func admits(_ count: Int) -> Bool { matchesRest ? count >= tokenCount : count == tokenCount }

    /// The hash of a name or pattern, by those of its tokens, where this shape has no `*`.
    func hash(of tokens: UnsafeBufferPointer<TokenHash>) -> Int {
        var hasher = Hasher()
        for index in 0..<Int(tokenCount) where wildcards >> UInt64(index) & 1 == 0 {
            let isSpecialised = specialisations >> UInt64(index) & 1 == 1
            hasher.combine(isSpecialised ? tokens[index].whole : tokens[index].withoutGenericArguments)
        }
        return hasher.finalize()
    }
}

/// The hashes of a token of a dotted name.
struct TokenHash: BitwiseCopyable {
    let whole: Int
    let withoutGenericArguments: Int

    init(_ token: Substring) {
        whole = token.hashValue
        withoutGenericArguments = token.withoutGenericArguments?.hashValue ?? whole
    }
}

extension NamePattern {
    /// The pattern's shape; only for one of at most `PatternShape.maximumTokens`.
    var shape: PatternShape {
        PatternShape(
            tokenCount: UInt8(tokens.count),
            matchesRest: matchesRest,
            wildcards: bits { $0 == "*" },
            specialisations: bits { $0.withoutGenericArguments != nil }
        )
    }

    /// A bit for each token for which a closure returns true.
    private func bits(_ isSet: (Substring) -> Bool) -> UInt64 {
        tokens.indices.reduce(0) { isSet(tokens[$1]) ? $0 | 1 << UInt64($1) : $0 }
    }
}
