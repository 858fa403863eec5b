/// Divides matched handlers, in dispatch order, into batches: the handlers of one batch start side by side, and all of
/// them have an outcome before the next batch starts.
///
/// A phase is a batch; inside one, each handler that is declared `.serial` begins another.
extension [RegisteredHandler] {
    /// The batch that begins at an index.
    func batch(from start: Index) -> Range<Index> {
        let phase = self[start].order.phaseIndex
        var end = start + 1
        while end < endIndex, self[end].order.phaseIndex == phase, !self[end].isSerial { end += 1 }
        return start..<end
    }
}
