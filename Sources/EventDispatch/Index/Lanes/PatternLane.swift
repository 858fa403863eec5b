/// Handlers by a pattern that a key, a dotted name, has to fit.
///
/// Patterns are filed by shape and by the hash of the tokens that are no `*`; so an event asks once for each shape in use.
final class PatternLane: Lane {
    private let text: (UnsafeRawPointer) -> String?
    private let table = TextTable<PatternShape, NamePattern>()

    init(key: Int, _ form: TextForm) {
        text = form.text
        super.init(key: key)
    }

    override func collect(into reading: inout EventReading) {
        guard let name = text(reading.value(of: key)) else { return }
        withUnsafeTemporaryAllocation(of: TokenHash.self, capacity: PatternShape.maximumTokens) { tokens in
            var count = 0
            NamePattern.forEachToken(of: name) { token in
                if count < tokens.count { tokens.initializeElement(at: count, to: TokenHash(token)) }
                count += 1
            }
            for shape in table.shapes.elements where shape.admits(count) {
                let node = table.find(shape, shape.hash(of: UnsafeBufferPointer(tokens))) {
                    $0.matches(name)
                }
                if let node { reading.take(node.pointee.filedHandlers) }
            }
        }
    }

    /// Files a handler under a pattern, and returns the place.
    func file(
        _ handler: RegisteredHandler,
        _ pattern: NamePattern,
        _ terms: FilingTerms,
        _ write: TableWrite
    ) -> UnsafeMutableRawPointer {
        noteFiling()
        return table.file(handler, terms, under: pattern, pattern.shape, Self.hash(of: pattern), write)
    }

    override var byteCount: Int { table.byteCount }

    override func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ write: TableWrite) {
        table.remove(registration, from: place, write)
        noteRemoval()
    }

    /// How many handlers are filed under a pattern.
    func estimate(_ pattern: NamePattern) -> Int {
        table.count(of: pattern, pattern.shape, Self.hash(of: pattern))
    }

    override var name: String { "patterns" }

    override var valueCount: Int? { table.count }

    private static func hash(of pattern: NamePattern) -> Int {
        let tokens = pattern.tokens.map { TokenHash($0) }
        return tokens.withUnsafeBufferPointer { pattern.shape.hash(of: $0) }
    }
}

/// The shape that patterns of dotted names share when they are looked up in the same way: how many tokens, which of them are `*`, which
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
