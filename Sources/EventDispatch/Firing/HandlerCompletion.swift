/// The end of one matched handler: its result, and its reply where it gave one.
struct HandlerCompletion: Sendable {
    let result: HandlerResult
    private(set) var reply: AnyReply?
    var duration: Duration?
    /// Whether the handler's closure was called.
    private(set) var hasStarted: Bool
    /// How many attempts there were to call it.
    private(set) var attempts = 1

    /// A handler that did not start.
    init(refused refusal: Refusal) {
        result = HandlerResult(refusal)
        hasStarted = false
    }

    /// A handler that could not start.
    init(failed error: DispatchError) {
        result = .failed(error)
        hasStarted = false
    }

    /// A handler that started and did not end in time.
    init(timedOut stillRunning: Bool) {
        result = .timedOut(stillRunning: stillRunning)
        hasStarted = true
    }

    /// A handler that has departed from the fire.
    static let detached = HandlerCompletion()

    private init() {
        result = .detached
        hasStarted = true
    }

    /// A handler that is called in place.
    init(calling handler: RegisteredHandler, with event: EventReference) {
        do { self.init(returned: try handler.inPlace(event)) } catch { self.init(threw: error) }
    }

    /// A handler that returned.
    init(returned reply: HandlerReply) {
        switch reply {
        case .nothing: result = .succeeded
        case .value(let box):
            result = .succeeded
            self.reply = box
        case .refused(let refusal): result = HandlerResult(refusal)
        }
        hasStarted = result.isSuccess
    }

    /// A handler that threw. In a cancelled task a `CancellationError` tells of that cancellation; otherwise it is
    /// the handler's own failure.
    init(threw error: any Error) {
        result = error is CancellationError && Task.isCancelled ? .cancelled : .failed(error)
        hasStarted = true
    }

    /// The completion of a run after another attempt: that of this attempt, unless it was kept from starting.
    func followed(by next: HandlerCompletion) -> HandlerCompletion {
        if !next.hasStarted, !next.result.isFailure { return self }
        var next = next
        next.attempts = attempts + 1
        next.hasStarted = hasStarted || next.hasStarted
        return next
    }

    /// Whether the handler overran its time-out and goes on by itself.
    var isLeftBehind: Bool {
        if case .timedOut(stillRunning: true) = result { true } else { false }
    }

    /// How to settle the claims on the handler's limits.
    var claimEnd: ClaimEnd { hasStarted ? result.isSuccess ? .succeeded : .failed : .notStarted }
}

extension HandlerOutcome {
    init(of run: HandlerCompletion, _ handler: RegisteredHandler) {
        self.init(
            handler: handler.label,
            phase: handler.phase.name,
            result: run.result,
            duration: run.duration,
            hasStarted: run.hasStarted,
            attempts: run.hasStarted || run.result.isFailure ? run.attempts : 0,
            registration: handler.order.registration,
            group: handler.subscription.group,
            reply: run.reply
        )
    }
}

/// The completions of handlers that run side by side: a place for each, which the handler's task fills.
final class HandlerCompletions: @unchecked Sendable {
    // Sound: each place is written once, by one task, and read after the group of the tasks has ended.
    private let places: UnsafeMutableBufferPointer<HandlerCompletion?>

    init(count: Int) {
        places = .allocate(capacity: count)
        places.initialize(repeating: nil)
    }

    deinit {
        places.deinitialize()
        places.deallocate()
    }

    /// The completion of a handler; nil where it matched no more.
    subscript(index: Int) -> HandlerCompletion? {
        get { places[index] }
        set { places[index] = newValue }
    }
}

/// The end of an operation that an event was fired around, when it did not throw.
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

extension DispatchSummary {
    /// The summary of a fire that matched one handler.
    @inline(__always)
    init(_ run: HandlerCompletion, of handler: RegisteredHandler) {
        self.init(matched: 1)
        record(run, of: handler, everything: false)
    }

    /// Notes what came of a handler: in full where it did not succeed, or where everything is to be told.
    @inline(__always)
    mutating func record(_ run: HandlerCompletion, of handler: RegisteredHandler, everything: Bool) {
        if run.result.isSuccess {
            succeeded += 1
            if let reply = run.reply { add(reply: reply) }
            guard everything else { return }
        }
        add(HandlerOutcome(of: run, handler))
    }
}
