/// Handlers that every event finds: those without a filter, and those whose filters have nothing that could be indexed.
final class ListLane: Lane {
    private let postings = PostingList<PostingTerms>()

    init() { super.init(key: -1) }

    override func collect(into reading: inout EventReading) { reading.take(postings) }

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

    override var name: String { "list" }

    /// The handlers, in the order of their registration; for the writer.
    var handlers: [RegisteredHandler] {
        var handlers: [RegisteredHandler] = []
        postings.forEach { posting in
            if let handler = posting.live { handlers.append(handler.takeUnretainedValue()) }
        }
        return handlers
    }
}
