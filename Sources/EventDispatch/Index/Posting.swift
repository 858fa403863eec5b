import Synchronization

/// A handler, filed where an event that it may match finds it.
struct Posting<Terms: PostingConditions>: ~Copyable {
    /// Nil once the handler is removed.
    private let handler: Atomic<UnsafeMutableRawPointer?>
    let terms: Terms

    init(_ handler: Unmanaged<RegisteredHandler>?, _ terms: Terms) {
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
protocol PostingConditions: BitwiseCopyable {
    /// The handler's registration: postings that are newer than a fire are not for it.
    var registration: UInt64 { get }
}

/// The checks of a handler that an event found.
struct PostingTerms: PostingConditions {
    let registration: UInt64
    /// The first check, here so that most postings that don't match are passed over without a look anywhere else.
    let first: Check
    /// The other checks; nil without any.
    let others: UnsafePointer<Check>?

    init(_ handler: RegisteredHandler, _ checks: CheckProgram?) {
        registration = handler.order.registration
        first = checks?.first ?? .end
        others = checks?.others
    }
}

/// The interval and the checks of a handler that an event found.
struct RangedTerms: PostingConditions {
    let terms: PostingTerms
    /// The ranks of the ends of the interval, both in it.
    let lower: UInt64
    let upper: UInt64

    var registration: UInt64 { terms.registration }
}
