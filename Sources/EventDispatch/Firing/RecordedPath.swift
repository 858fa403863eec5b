/// The way of a fire that could run plainly if it weren't recorded: as ``PlainPath``, and the recorder is told. A fire of one handler that
/// has to be awaited begins on it, and goes on as a ``LoneRun`` with a ``LoneRecording``.
extension PlainPath {
    /// Runs a fire, if nobody but a recorder observes, and it could run plainly.
    @inline(never)
    func attemptRecorded(
        _ event: EventReference,
        _ dispatcher: Unmanaged<EventDispatcher>,
        _ isolation: (any Actor)?,
        canAwait: Bool
    ) -> PlainAttempt {
        // A delivery has more to tell than a recorder is told here.
        guard dispatcher._withUnsafeGuaranteedRef({ $0.delivery == nil }), let recorder = soleRecorder else {
            return .unknown
        }
        return withMatches(event) { handlers in
            if canAwait, handlers.count == 1,
                handlers[0]._withUnsafeGuaranteedRef({ $0.isPlainButAwaited(on: isolation) })
            {
                let attempt = begin(handlers[0], event, dispatcher)
                // It didn't start, and its fire is to be told.
                if case .run = attempt { return .handlers([handlers[0].takeUnretainedValue()]) }
                return attempt
            }
            for handler in handlers {
                guard handler._withUnsafeGuaranteedRef({ $0.isPlain(on: isolation) }) else {
                    return .handlers(handlers.map { $0.takeUnretainedValue() })
                }
            }
            return RecordedRun.run(handlers, event, at: dispatcher, for: recorder, asksTask: canAwait)
        } ?? .unknown
    }
}

/// A fire as of ``PlainRun``, of which a recorder is told.
private struct RecordedRun {
    private let recorder: any FireRecorder
    private let number = Fire.nextNumber()
    private var summary: DispatchSummary

    private var cancellation = PhaseCancellation()

    static func run(
        _ handlers: UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>,
        _ event: EventReference,
        at dispatcher: Unmanaged<EventDispatcher>,
        for recorder: any FireRecorder,
        asksTask: Bool
    ) -> PlainAttempt {
        var frame = ThreadFrame(event, at: dispatcher)
        var run = RecordedRun(recorder: recorder, summary: DispatchSummary(matched: handlers.count))
        frame.number = run.number
        let name = dispatcher._withUnsafeGuaranteedRef { $0.name }
        recorder.fireStartedInPlace(run.number, EventInPlace(event), at: name)
        frame.enter { run.run(handlers, event, $0, asksTask) }
        recorder.fireFinishedInPlace(run.number, isUnhandled: handlers.isEmpty, run.summary.outcomes)
        return PlainAttempt(end: frame.fire, run.summary)
    }

    private mutating func run(
        _ handlers: UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>,
        _ event: EventReference,
        _ frame: UnsafeMutablePointer<ThreadFrame>,
        _ asksTask: Bool
    ) {
        for handler in handlers {
            frame.pointee.handler = handler
            handler._withUnsafeGuaranteedRef { handler in
                let isCancelled = asksTask && cancellation.isFound(at: handler)
                if let refusal = frame.pointee.refusal(of: handler, isCancelled: isCancelled) {
                    return summary.record(HandlerCompletion(refused: refusal), of: handler, everything: false)
                }
                let (id, name) = (handler.order.registration, handler.phase.name)
                recorder.handlerStartedInPlace(id, handler.label, phase: name, in: number)
                let completion = HandlerCompletion(calling: handler, with: event)
                if completion.result.isSuccess {
                    recorder.handlerSucceededInPlace(id, handler.label, phase: name, in: number)
                } else {
                    recorder.handlerFailedInPlace(HandlerOutcome(of: completion, handler), in: number)
                }
                summary.record(completion, of: handler, everything: false)
                frame.pointee.endHandler()
            }
        }
    }
}

/// The record of a ``LoneRun``.
final class LoneRecording: Sendable {
    let number = Fire.nextNumber()
    private let recorder: any FireRecorder
    private let handler: UInt64
    private let label: HandlerLabel
    private let phase: String

    /// Begins it; nil if others than a recorder observe by now: they see the next fire.
    init?(of handler: Unmanaged<RegisteredHandler>, with event: EventReference, at dispatcher: EventDispatcher) {
        guard let recorder = dispatcher.observers.current?.soleRecorder else { return nil }
        self.recorder = recorder
        (self.handler, label, phase) = handler._withUnsafeGuaranteedRef {
            ($0.order.registration, $0.label, $0.phase.name)
        }
        recorder.fireStartedInPlace(number, EventInPlace(event), at: dispatcher.name)
        recorder.handlerStartedInPlace(self.handler, label, phase: phase, in: number)
    }

    func end(_ summary: DispatchSummary) {
        let outcomes = summary.outcomes
        if let outcome = outcomes.first {
            recorder.handlerFailedInPlace(outcome, in: number)
        } else {
            recorder.handlerSucceededInPlace(handler, label, phase: phase, in: number)
        }
        recorder.fireFinishedInPlace(number, isUnhandled: false, outcomes)
    }
}
