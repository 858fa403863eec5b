import EventDispatch

/// One thing that an observer was told, as the ring keeps it. It retains neither the event nor an error.
struct Happening: Sendable {
    enum Kind: Sendable {
        case fireBegan(FireBegin)
        case handlerBegan(HandlerLabel, phase: String)
        case attemptFailed(attempts: Int, text: String)
        case handlerEnded(HandlerEnd)
        /// As `handlerEnded`, for what most handlers do.
        case handlerSucceeded
        case overrunEnded
        case fireEnded
        case unhandled
        /// Handlers of the fire that didn't start, or departed from it, or have an outcome without a start that was told.
        case notStarted([HandlerEnd])
        case dropped(any MatchableEvent.Type, reason: String)
    }

    /// Nanoseconds on the trace's clock.
    let time: UInt64
    let fire: UInt64
    /// The number of the handler's registration; 0 for what is not about a handler.
    let handler: UInt64
    /// The thread and the task that told it. Both are numbers that mean nothing but that two of them are equal.
    let thread: UInt32
    let task: UInt
    var kind: Kind

    /// The same without memory that is shared with this one, of what was made to be recorded.
    var unshared: Happening {
        var copy = self
        switch kind {
        case .fireBegan(let begin): copy.kind = .fireBegan(begin.unshared)
        case .attemptFailed(let attempts, let text): copy.kind = .attemptFailed(attempts: attempts, text: text.unshared)
        case .handlerEnded(let end): copy.kind = .handlerEnded(end.unshared)
        case .notStarted(let ends): copy.kind = .notStarted(ends.map(\.unshared))
        case .handlerBegan, .handlerSucceeded, .overrunEnded, .fireEnded, .unhandled, .dropped: break
        }
        return copy
    }
}

extension String {
    /// The text in memory of its own.
    fileprivate var unshared: String { String(decoding: Array(utf8), as: UTF8.self) }
}

/// The begin of a fire.
struct FireBegin: Sendable {
    /// What few fires have.
    final class Extra: Sendable {
        let description: String?
        let delivery: ObservedDelivery?

        init(_ description: String?, _ delivery: ObservedDelivery?) {
            self.description = description
            self.delivery = delivery
        }
    }

    let type: any MatchableEvent.Type
    let dispatcher: String
    let parent: UInt64?
    let firedBy: UInt64
    let isDetached: Bool
    let isPosted: Bool
    var extra: Extra?

    fileprivate var unshared: FireBegin {
        var copy = self
        copy.extra = extra.map { Extra($0.description?.unshared, $0.delivery) }
        return copy
    }
}

/// The outcome of a handler.
struct HandlerEnd: Sendable {
    let handler: UInt64
    let label: HandlerLabel
    let phase: String
    let result: TracedResult
    let attempts: Int
    /// The error, or the reason why it didn't start; empty where there is nothing to be said.
    private(set) var text: String

    fileprivate var unshared: HandlerEnd {
        var copy = self
        copy.text = text.unshared
        return copy
    }

    init(_ outcome: HandlerOutcome) {
        handler = outcome.handlerID
        label = outcome.handler
        phase = outcome.phase
        attempts = outcome.attempts
        result = TracedResult(outcome)
        text =
            switch outcome.result {
            case .succeeded, .detached, .cancelled, .timedOut: ""
            case .skipped(let reason): reason.description
            case .failed: HandlerEnd.text(of: outcome.result)
            }
    }
}

extension HandlerEnd {
    /// The error of a handler that failed; otherwise its result.
    static func text(of result: HandlerResult) -> String {
        let text = traced(result.description, atMost: 1_000)
        return text.hasPrefix("failed: ") ? String(text.dropFirst("failed: ".count)) : text
    }
}

/// How a handler ended, as a trace tells it.
package enum TracedResult: Int, Sendable {
    /// It hasn't ended, as far as the trace knows.
    case running
    case succeeded, failed, timedOut
    /// It overran its time-out, and its fire went on without it.
    case leftRunning
    case cancelled, skipped
    /// It went on in a task of its own, which is a fire of its own in the trace.
    case detached

    init(_ outcome: HandlerOutcome) {
        self =
            switch outcome.result {
            case .succeeded: .succeeded
            case .failed: .failed
            case .timedOut(let stillRunning): stillRunning ? .leftRunning : .timedOut
            case .cancelled: .cancelled
            case .skipped: .skipped
            case .detached: .detached
            }
    }
}

/// Text for a trace: on one line, with control characters escaped, and cut.
func traced(_ text: String, atMost length: Int) -> String {
    let cut = text.unicodeScalars.prefix(length)
    let isWhole = cut.endIndex == text.unicodeScalars.endIndex
    return escapingControlCharacters(String(cut)) + (isWhole ? "" : "…")
}
