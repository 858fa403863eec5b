/// The outcome of one matched handler.
public struct HandlerOutcome: Sendable, CustomStringConvertible {
    /// The handler's name and where it was declared.
    public let handler: HandlerLabel
    /// The phase it belongs to.
    public let phase: String
    /// How it ended.
    public let result: HandlerResult
    /// How long it ran; nil unless the fire was asked for `detail: .all`.
    public let duration: Duration?
    /// Whether it started. A handler that was cancelled, or whose time was up, may have been on its way to its actor.
    public let hasStarted: Bool
    /// How many attempts it took; 1 for a handler without `.retry`, and 0 for one that wasn't called.
    public let attempts: Int

    /// The number of the handler's registration: with ``ObservedFire/id``, it names one run.
    public var handlerID: UInt64 { registration }

    /// The number of the handler's registration.
    let registration: UInt64
    /// The group of the handler's subscription.
    let group: UInt64
    /// Its reply, if there is one.
    let reply: AnyReply?

    /// The error that it threw, when it failed; a ``DispatchError`` with the code `.timedOut` when it did not end, or start, in time.
    public var error: (any Error)? {
        switch result {
        case .failed(let error): error
        case .timedOut:
            DispatchError(
                code: .timedOut,
                message: "\(handler) did not \(hasStarted ? "end" : "start") in time",
                location: handler.location
            )
        case .succeeded, .cancelled, .skipped, .detached: nil
        }
    }

    /// Handler, phase and result, on one line.
    public var description: String {
        let beforeStart = if case .timedOut = result, !hasStarted { " before it started" } else { "" }
        let attempts = attempts > 1 ? " after \(attempts) attempts" : ""
        return "\(handler) (\(phase)) \(result)\(beforeStart)\(attempts)"
    }
}

/// How a matched handler ended.
public enum HandlerResult: Sendable {
    /// It returned.
    case succeeded
    /// It threw.
    case failed(any Error)
    /// It did not end within its time-out. `stillRunning` says that it did not end within its grace either, so that the fire went on
    /// without it. One that had not started never does, as ``HandlerOutcome/hasStarted`` tells.
    case timedOut(stillRunning: Bool)
    /// The task that fired was cancelled, or the phase was given up because a handler of a `.failFast` block failed: before
    /// the handler started, or while it ran and it threw `CancellationError`.
    case cancelled
    /// It did not start.
    case skipped(SkipReason)
    /// It was started, or is to start when no other event comes, in a task of its own that the fire didn't wait for. A
    /// ``DispatchObserver`` sees how it ends.
    case detached

    /// Why a matched handler did not start.
    ///
    /// A structure rather than an enumeration, so that later versions can add reasons.
    public struct SkipReason: Hashable, Sendable, CustomStringConvertible {
        /// The reason's name, as in the source.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// Its subscription, or all that its owner has, was cancelled after the event matched it.
        public static let unsubscribed = SkipReason("unsubscribed")
        /// Its subscription was muted after the event matched it.
        public static let muted = SkipReason("muted")
        /// Its owner was deallocated after the event matched it.
        public static let ownerGone = SkipReason("ownerGone")
        /// A handler called ``DispatchContext/stop()``.
        public static let fireStopped = SkipReason("fireStopped")
        /// A handler of an earlier phase failed, and that phase is a gate.
        public static let gateFailed = SkipReason("gateFailed")
        /// It waited for further events to come, and one came.
        public static let superseded = SkipReason("superseded")
        /// While it waited to start, the handler started for another event with the same value, of which it's spared duplicates.
        public static let duplicate = SkipReason("duplicate")
        /// It's debounced, and starts itself again and again while its dispatcher stops.
        public static let stopping = SkipReason("stopping")
        /// The operation that the event was fired around threw an error.
        public static let operationFailed = SkipReason("operationFailed")
        /// A handler of the same phase failed, in a `.failFast` block.
        public static let failedFast = SkipReason("failedFast")
        /// Its subscription was starting with a kept event of the same value. It is called with this event after that, or with one that
        /// came later: see ``EventDispatcher/subscribe(startingWith:id:fileID:line:_:)``.
        public static let replaying = SkipReason("replaying")
    }
}

extension HandlerResult {
    /// The result of a handler that did not start.
    init(_ refusal: Refusal) {
        switch refusal {
        case .unsubscribed: self = .skipped(.unsubscribed)
        case .muted: self = .skipped(.muted)
        case .ownerGone: self = .skipped(.ownerGone)
        case .fireStopped: self = .skipped(.fireStopped)
        case .gateFailed: self = .skipped(.gateFailed)
        case .duplicate: self = .skipped(.duplicate)
        case .stopping: self = .skipped(.stopping)
        case .superseded: self = .skipped(.superseded)
        case .operationFailed: self = .skipped(.operationFailed)
        case .failedFast: self = .skipped(.failedFast)
        case .replaying: self = .skipped(.replaying)
        case .cancelled: self = .cancelled
        case .timedOut: self = .timedOut(stillRunning: false)
        }
    }

    /// Whether the handler failed: it threw, or did not end in time.
    public var isFailure: Bool {
        switch self {
        case .failed, .timedOut: true
        case .succeeded, .cancelled, .skipped, .detached: false
        }
    }

    /// Whether the handler did not end, or start, within its time-out.
    public var isTimedOut: Bool {
        if case .timedOut = self { true } else { false }
    }

    /// The error that the handler threw; nil for all other results. For a time-out, ``HandlerOutcome/error`` has one too, which names the
    /// handler.
    public var error: (any Error)? {
        if case .failed(let error) = self { error } else { nil }
    }

    var isCancelled: Bool {
        if case .cancelled = self { true } else { false }
    }

    var isSuccess: Bool {
        if case .succeeded = self { true } else { false }
    }
}

extension HandlerResult: CustomStringConvertible {
    /// The result's name, and the error or reason, on one line.
    public var description: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed(let failure as DispatchFailure): "failed: \(failure.causes)"
        case .failed(let error): "failed: \(escapingControlCharacters("\(error)"))"
        case .timedOut(let stillRunning): stillRunning ? "timed out, still running" : "timed out"
        case .cancelled: "cancelled"
        case .skipped(let reason): "skipped: \(reason)"
        case .detached: "detached"
        }
    }
}
