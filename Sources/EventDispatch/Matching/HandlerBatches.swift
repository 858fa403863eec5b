/// Divides matched handlers, in dispatch order, into batches: the handlers of one batch start side by side, and all of
/// them have an outcome before the next batch starts.
///
/// A phase is a batch; inside one, each handler that is declared `.serial` begins another.
struct HandlerBatches<Event: MatchableEvent>: Sequence, IteratorProtocol {
    private var rest: ArraySlice<RegisteredHandler<Event>>

    init(_ handlers: [RegisteredHandler<Event>]) { rest = handlers[...] }

    mutating func next() -> ArraySlice<RegisteredHandler<Event>>? {
        guard let first = rest.first else { return nil }
        let batch = rest.dropFirst().prefix {
            !$0.plan.options.contains(.serial) && $0.plan.phaseIndex == first.plan.phaseIndex
        }
        defer { rest = rest[batch.endIndex...] }
        return rest[..<batch.endIndex]
    }
}
