/// What came of an operation that an event was fired around, when it did not throw.
enum OperationResult<Value> {
    case returned(Value)
    /// It did not run, because a handler stopped the fire.
    case stopped
    /// It did not run, because a gate failed or the task was cancelled.
    case prevented

    var value: Value? {
        if case .returned(let value) = self { value } else { nil }
    }

    /// The value, unless handlers failed or were cancelled, or the operation did not run.
    func value(
        orProblems summary: DispatchSummary,
        of event: any MatchableEvent.Type,
        at location: CallSite
    ) throws -> Value {
        try summary.throwProblems(of: event)
        switch self {
        case .returned(let value): return value
        case .stopped:
            throw DispatchError(
                code: .fireStopped,
                message: "the operation around \(event.eventName) did not run: a handler stopped the fire",
                location: location
            )
        case .prevented: throw CancellationError()
        }
    }
}
