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
    private let observers: Unmanaged<ObserverList>

    init(_ registry: HandlerRegistry, _ activity: Activity, _ observers: ObserverList) {
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
        guard observers._withUnsafeGuaranteedRef({ $0.isEmpty }), activity._withUnsafeGuaranteedRef({ $0.seemsStarted })
        else { return .unknown }
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
                        return .handlers(handlers.map { $0.takeUnretainedValue() })
                    }
                }
                return .run(PlainRun.run(handlers, event, at: dispatcher, asksTask: canAwait))
            }
        }
    }

    /// Begins the fire of a lone handler that has to be awaited.
    @inline(__always)
    private func begin(
        _ handler: Unmanaged<RegisteredHandler>,
        _ event: EventReference,
        _ dispatcher: Unmanaged<EventDispatcher>
    ) -> PlainAttempt {
        guard activity._withUnsafeGuaranteedRef({ $0.beginFire(isAwaited: false) }) == nil else { return .unknown }
        guard handler._withUnsafeGuaranteedRef({ $0.beginRun() }) else {
            activity._withUnsafeGuaranteedRef { $0.endFire() }
            let handler = handler.takeUnretainedValue()
            return .run(DispatchSummary(HandlerRun(notStarted: .skipped(handler.haltReason)), of: handler))
        }
        return .awaits(handler.retain())
    }
}

/// What came of the attempt to run a fire plainly.
@usableFromInline
enum PlainAttempt {
    case run(DispatchSummary)
    /// The fire has begun, and the run of its only handler, which is now to be awaited. The reference is counted.
    case awaits(Unmanaged<RegisteredHandler>)
    /// Nothing ran, because these handlers need more.
    case handlers([RegisteredHandler])
    /// Nothing ran, and nothing was matched.
    case unknown

    /// The handlers that were matched and need more; nil when it did not come to that.
    @usableFromInline
    var handlers: [RegisteredHandler]? {
        if case .handlers(let handlers) = self { handlers } else { nil }
    }
}
