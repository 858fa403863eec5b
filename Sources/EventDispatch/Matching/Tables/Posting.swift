import Synchronization

/// A handler, filed where an event that it may match finds it.
struct Posting: ~Copyable {
    /// Nil once the handler is removed.
    private let handler: Atomic<UnsafeMutableRawPointer?>
    let terms: PostingTerms

    init(_ handler: Unmanaged<RegisteredHandler>?, _ terms: PostingTerms) {
        self.handler = Atomic(handler?.toOpaque())
        self.terms = terms
    }

    /// The handler; nil once it is removed.
    @inline(__always)
    var live: Unmanaged<RegisteredHandler>? {
        handler.load(ordering: .acquiring).map { Unmanaged.fromOpaque($0) }
    }

    func remove() { handler.store(nil, ordering: .releasing) }
}

/// What has to hold for a handler that an event found, beside what it was found by.
struct PostingTerms {
    /// The handler's registration: postings that are newer than a fire are not for it.
    let registration: UInt64
    /// The first check, here so that most postings that don't match are passed over without a look anywhere else.
    let first: Check
    /// The other checks; nil without any.
    let others: UnsafePointer<Check>?
    /// For an interval, the ranks of its ends, both in it.
    var lower: UInt64 = 0
    var upper: UInt64 = 0

    init(_ handler: RegisteredHandler, _ checks: CheckProgram?) {
        registration = handler.order.registration
        first = checks?.first ?? .end
        others = checks?.others
    }
}
