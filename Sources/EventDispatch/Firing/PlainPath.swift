import CEventDispatch

/// The way of a fire that costs least: it allocates nothing, takes no lock, counts no references and writes nothing that another
/// thread's fire writes.
///
/// It is open to fires that are not nested in another, that nobody observes, whose report is to be short, and whose handlers are
/// plain and need not be awaited. A fire of one handler that has to be awaited begins on it, and goes on as a ``LoneRun``.
struct PlainPath: @unchecked Sendable {
    // Sound: the dispatcher that has the path keeps all three alive. They are not held by counted references because the compiler
    // would count them in every fire.
    private let registry: Unmanaged<HandlerRegistry>
    private let activity: Unmanaged<Activity>
    private let observers: Unmanaged<Observers>

    init(_ registry: HandlerRegistry, _ activity: Activity, _ observers: Observers) {
        self.registry = .passUnretained(registry)
        self.activity = .passUnretained(activity)
        self.observers = .passUnretained(observers)
    }

    /// Runs a fire, if it can take this way.
    ///
    /// - Parameter canAwait: whether a lone handler that has to be awaited may be begun; and then the cancellation of the task
    ///   keeps handlers from starting.
    @inline(__always)
    func attempt(
        _ event: EventReference,
        _ dispatcher: Unmanaged<EventDispatcher>,
        _ isolation: (any Actor)?,
        canAwait: Bool
    ) -> PlainAttempt {
        guard activity._withUnsafeGuaranteedRef({ $0.seemsStarted }) else { return .unknown }
        guard observers._withUnsafeGuaranteedRef({ $0.isEmpty }) else {
            return attemptRecorded(event, dispatcher, isolation, canAwait: canAwait)
        }
        let pin = registry._withUnsafeGuaranteedRef { $0.epochs.pin() }
        defer {
            registry._withUnsafeGuaranteedRef { $0.epochs.unpin(pin) }
            activity._withUnsafeGuaranteedRef { $0.noteEnd() }
        }
        guard activity._withUnsafeGuaranteedRef({ $0.isStarted }) else { return .unknown }
        return registry._withUnsafeGuaranteedRef { registry in
            registry.withMatches(event) { handlers in
                if canAwait, handlers.count == 1,
                    handlers[0]._withUnsafeGuaranteedRef({ $0.isPlainButAwaited(on: isolation) })
                {
                    return begin(handlers[0], event, dispatcher)
                }
                for handler in handlers {
                    guard handler._withUnsafeGuaranteedRef({ $0.isPlain(on: isolation) }) else {
                        return attemptNearlyPlainly(handlers, event, dispatcher, isolation, asksTask: canAwait)
                    }
                }
                return PlainRun.run(handlers, event, at: dispatcher, asksTask: canAwait)
            }
        }
    }

    /// The recorder that observes, if nobody else does.
    var soleRecorder: (any FireRecorder)? { observers._withUnsafeGuaranteedRef { $0.current?.soleRecorder } }

    /// Calls a closure with the handlers that an event matches, while a pin keeps them; nil when no events are taken.
    func withMatches(
        _ event: EventReference,
        _ body: (UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>) -> PlainAttempt
    ) -> PlainAttempt? {
        let pin = registry._withUnsafeGuaranteedRef { $0.epochs.pin() }
        defer {
            registry._withUnsafeGuaranteedRef { $0.epochs.unpin(pin) }
            activity._withUnsafeGuaranteedRef { $0.noteEnd() }
        }
        guard activity._withUnsafeGuaranteedRef({ $0.isStarted }) else { return nil }
        return registry._withUnsafeGuaranteedRef { $0.withMatches(event, body) }
    }

    /// Begins the fire of a lone handler that has to be awaited.
    @inline(__always)
    func begin(
        _ handler: Unmanaged<RegisteredHandler>,
        _ event: EventReference,
        _ dispatcher: Unmanaged<EventDispatcher>
    ) -> PlainAttempt {
        guard activity._withUnsafeGuaranteedRef({ $0.beginFire(isInsideFire: false) }) == nil else { return .unknown }
        guard handler._withUnsafeGuaranteedRef({ $0.beginRun() }) else {
            activity._withUnsafeGuaranteedRef { $0.endFire() }
            let handler = handler.takeUnretainedValue()
            return .run(DispatchSummary(HandlerCompletion(refused: handler.haltRefusal), of: handler))
        }
        return .awaits(handler.retain())
    }
}

/// The result of an attempt to run a fire plainly.
@usableFromInline
enum PlainAttempt {
    case run(DispatchSummary)
    /// Handlers ran that want events to be fired afterwards.
    case left(PlainRest)
    /// The fire has begun, and the run of its only handler, which is now to be awaited. The reference is counted.
    case awaits(Unmanaged<RegisteredHandler>)
    /// Nothing ran, because these handlers need more.
    case handlers([RegisteredHandler])
    /// Nothing ran, and nothing was matched.
    case unknown

    /// The end of a fire whose handlers ran; nil where nobody asked for it.
    init(end fire: Fire?, _ summary: DispatchSummary) {
        if let fire, fire.finish() {
            self = .left(PlainRest(of: fire, summary))
        } else {
            self = .run(summary)
        }
    }

    /// The handlers that were matched and need more; nil when it did not come to that.
    @usableFromInline
    var handlers: [RegisteredHandler]? {
        if case .handlers(let handlers) = self { handlers } else { nil }
    }
}

/// The rest of a fire that ran plainly: events to be fired afterwards.
@usableFromInline
final class PlainRest: Sendable {
    let fire: Fire
    let summary: DispatchSummary
    /// Whether the dispatcher counts the fire as in progress, now that its pin is gone.
    let isCounted: Bool

    init(of fire: Fire, _ summary: DispatchSummary) {
        self.fire = fire
        self.summary = summary
        isCounted = fire.dispatcher.activity.beginFire(isInsideFire: true) == nil
    }
}

/// A fire of handlers that are plain and need not be awaited: it runs them one after the other and allocates nothing.
struct PlainRun {
    private var summary: DispatchSummary

    /// Whether the firing task was found cancelled at the beginning of a phase.
    private var isCancelled = false
    /// The phase of the last handler, where the task is asked.
    private var phase: Int

    private init(_ summary: DispatchSummary, phase: Int) {
        self.summary = summary
        self.phase = phase
    }

    /// Runs handlers that stand in dispatch order, and that something keeps alive.
    ///
    /// - Parameters:
    ///   - asksTask: whether the cancellation of the task keeps handlers from starting.
    @inline(__always)
    static func run(
        _ handlers: UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>,
        _ event: EventReference,
        at dispatcher: Unmanaged<EventDispatcher>,
        asksTask: Bool
    ) -> PlainAttempt {
        guard let first = handlers.first else { return .run(DispatchSummary()) }
        var frame = ThreadFrame(event, at: dispatcher)
        let summary = DispatchSummary(matched: handlers.count)
        var run = PlainRun(summary, phase: asksTask ? first._withUnsafeGuaranteedRef { $0.order.phaseIndex } : 0)
        frame.enter { run.run(handlers, event, $0, asksTask) }
        // As in `PlainAttempt(end:_:)`, which here takes 3 ns more.
        if let fire = frame.fire, fire.finish() { return .left(PlainRest(of: fire, run.summary)) }
        return .run(run.summary)
    }

    @inline(__always)
    private mutating func run(
        _ handlers: UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>,
        _ event: EventReference,
        _ frame: UnsafeMutablePointer<ThreadFrame>,
        _ asksTask: Bool
    ) {
        for handler in handlers {
            frame.pointee.handler = handler
            handler._withUnsafeGuaranteedRef { handler in
                if asksTask, handler.order.phaseIndex != phase {
                    phase = handler.order.phaseIndex
                    isCancelled = ed_current_task_is_cancelled()
                }
                if isCancelled || handler.isHalted || frame.pointee.fire != nil,
                    let refusal = frame.pointee.refusal(of: handler, isCancelled: isCancelled)
                {
                    return record(HandlerCompletion(refused: refusal), of: handler)
                }
                do { note(try handler.inPlace(event), of: handler) } catch {
                    record(HandlerCompletion(threw: error), of: handler)
                }
                frame.pointee.endHandler()
            }
        }
    }

    @inline(__always)
    private mutating func note(_ reply: HandlerReply, of handler: RegisteredHandler) {
        if case .nothing = reply {
            summary.succeeded += 1
        } else {
            record(HandlerCompletion(returned: reply), of: handler)
        }
    }

    private mutating func record(_ run: HandlerCompletion, of handler: RegisteredHandler) {
        summary.record(run, of: handler, everything: false)
    }
}

/// Whether the firing task is cancelled, asked at the beginning of each phase.
struct PhaseCancellation {
    private var isCancelled = false
    /// The phase of the last handler.
    private var phase: Int?

    /// Whether it was cancelled when the phase of a handler began.
    mutating func isFound(at handler: RegisteredHandler) -> Bool {
        if handler.order.phaseIndex != phase {
            phase = handler.order.phaseIndex
            isCancelled = ed_current_task_is_cancelled()
        }
        return isCancelled
    }
}

/// The run of a handler that is plain, the only one of its fire, and has to be awaited: it has begun, and is to be called.
///
/// It needs neither a `Fire` nor a `DispatchRun`, and counts only those references that outlive the epochs' pin.
struct LoneRun {
    private let scope: RunScope
    /// Kept alive by the scope.
    private let handler: Unmanaged<RegisteredHandler>

    /// - Parameters:
    ///   - handler: a counted reference, which the run takes over.
    ///   - number: by which a recorder knows the fire; 0 for none.
    @inline(__always)
    init(
        of handler: Unmanaged<RegisteredHandler>,
        with event: EventReference,
        at dispatcher: EventDispatcher,
        number: UInt64
    ) {
        self.handler = handler
        scope = RunScope(of: handler.takeRetainedValue(), aloneWith: event, at: dispatcher, number: number)
    }

    /// Calls the handler, which ends the run.
    @inline(__always)
    func call(with event: EventReference, isolation: isolated (any Actor)?) async -> DispatchSummary {
        let (body, permit) = handler._withUnsafeGuaranteedRef { ($0.awaitedCall, $0.startPermit) }
        let run = await scope.callInTask(body, permit, with: event, isolation: isolation)
        return withExtendedLifetime(scope) { handler._withUnsafeGuaranteedRef { DispatchSummary(run, of: $0) } }
    }

    /// The fire, which is over, if somebody asked for it.
    @inline(__always)
    var fireToEnd: Fire? { scope.fireToEnd }
}
