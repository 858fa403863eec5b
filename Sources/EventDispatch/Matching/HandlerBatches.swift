/// Divides matched handlers, in dispatch order, into batches: the handlers of one batch start side by side, and all of
/// them have an outcome before the next batch starts.
///
/// A phase is a batch; inside one, each handler that is declared `.serial` begins another.
struct HandlerBatches: Sequence, IteratorProtocol {
    private var rest: ArraySlice<RegisteredHandler>

    init(_ handlers: [RegisteredHandler]) { rest = handlers[...] }

    mutating func next() -> ArraySlice<RegisteredHandler>? {
        guard let first = rest.first else { return nil }
        let batch = rest.dropFirst().prefix {
            !$0.plan.options.contains(.serial) && $0.plan.phase.index == first.plan.phase.index
        }
        defer { rest = rest[batch.endIndex...] }
        return rest[..<batch.endIndex]
    }
}
