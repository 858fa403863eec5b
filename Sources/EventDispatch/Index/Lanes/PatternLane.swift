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
                if let node { reading.take(node.pointee.postings) }
            }
        }
    }

    /// Files a handler under a pattern, and returns the place.
    func file(
        _ handler: RegisteredHandler,
        _ pattern: NamePattern,
        _ terms: PostingTerms,
        _ garbage: Garbage
    ) -> UnsafeMutableRawPointer {
        noteFiling()
        return table.file(handler, terms, under: pattern, pattern.shape, Self.hash(of: pattern), garbage)
    }

    override var byteCount: Int { table.byteCount }

    override func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ garbage: Garbage) {
        table.remove(registration, from: place, garbage)
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
