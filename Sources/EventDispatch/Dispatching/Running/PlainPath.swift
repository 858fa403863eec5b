/// The way of a fire that costs least: it allocates nothing, takes no lock, counts no references and writes nothing that another
/// thread's fire writes.
///
/// It is open to fires that are not nested in another, that nobody observes, whose report is to be short, and whose handlers are
/// plain and need not be awaited.
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
    /// - Parameter asksTask: whether the cancellation of the task keeps handlers from starting.
    @inline(__always)
    func attempt(
        _ event: EventReference,
        _ dispatcher: Unmanaged<EventDispatcher>,
        _ isolation: (any Actor)?,
        asksTask: Bool
    ) -> PlainAttempt {
        guard observers._withUnsafeGuaranteedRef({ $0.isEmpty }) else { return .unknown }
        let pin = registry._withUnsafeGuaranteedRef { $0.epochs.pin() }
        defer {
            registry._withUnsafeGuaranteedRef { $0.epochs.unpin(pin) }
            activity._withUnsafeGuaranteedRef { $0.noteEnd() }
        }
        guard activity._withUnsafeGuaranteedRef({ $0.isStarted }) else { return .unknown }
        return registry._withUnsafeGuaranteedRef { registry in
            registry.withMatches(event) { handlers in
                if handlers.count == 1, let lone = handlers[0]._withUnsafeGuaranteedRef({ $0.loneCall(on: isolation) })
                {
                    return .awaits(handlers[0].takeUnretainedValue(), lone)
                }
                for handler in handlers {
                    guard handler._withUnsafeGuaranteedRef({ $0.isPlain(on: isolation) }) else {
                        return .handlers(handlers.map { $0.takeUnretainedValue() })
                    }
                }
                return .run(PlainRun.run(handlers, event, at: dispatcher, asksTask: asksTask))
            }
        }
    }
}

/// What came of the attempt to run a fire plainly.
enum PlainAttempt {
    case run(DispatchSummary)
    /// Nothing ran, because this handler, which is plain and the only one, has to be awaited.
    case awaits(RegisteredHandler, HandlerBody.Asynchronous)
    /// Nothing ran, because these handlers need more.
    case handlers([RegisteredHandler])
    /// Nothing ran, and nothing was matched.
    case unknown

    /// Whether the fire may be nested in another; a fire that was attempted is not.
    var isNested: Bool {
        if case .unknown = self { true } else { false }
    }
}
