/// An event that is explained, as a handler receives it: itself, or as an ``AnyEvent``.
final class ExplainedEvent {
    let values: KeyValues
    private let finder: FailureFinder
    /// What keeps the event; nil for one that somebody else keeps.
    private let copy: EventCopy?

    init(_ event: EventReference, keptBy copy: EventCopy? = nil) {
        self.copy = copy
        values = KeyValues(event)
        finder = FailureFinder(event: event, values: values)
    }

    /// The first part of a filter that does not hold, as a `FailureFinder` tells it; nil when the filter holds.
    func failure(of filter: FilterNode, isKnownToFail: Bool) -> FailedPart? {
        finder.failure(of: filter, isKnownToFail: isKnownToFail).map { FailedPart($0) }
    }

    /// Of the parts of a filter that does not hold, how many don't.
    func failureCount(of filter: FilterNode) -> Int { finder.failureCount(of: filter) }
}
