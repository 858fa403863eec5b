/// Handlers by a key that has to be nil.
final class NilLane: Lane {
    private let condition: Condition
    private let postings = PostingList<PostingTerms>()

    init(key: Int, _ condition: Condition) {
        self.condition = condition
        super.init(key: key)
    }

    override func collect(into reading: inout EventReading) {
        if condition.holds(at: reading.value(of: key)) { reading.take(postings) }
    }

    /// Files a handler.
    func file(_ handler: RegisteredHandler, _ terms: PostingTerms, _ garbage: Garbage) {
        noteFiling()
        postings.append(handler, terms, garbage)
    }

    override var byteCount: Int { postings.byteCount }

    override func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ garbage: Garbage) {
        postings.remove(registration, garbage)
        noteRemoval()
    }

    override var name: String { "nil" }
}
