import CEventDispatch
import Synchronization

/// What runs inside a fire: a handler, an operation that the event is fired around, or an observer. Code called from it can know
/// by this where it is.
///
/// While a synchronous handler runs, its scope hangs on a frame of the thread; around asynchronous handlers it is bound as a
/// task-local value, which follows them across threads.
final class RunScope: HandlerRunning, @unchecked Sendable {
    // Sound: constants and atomics; the handler keeps its subscription alive.

    /// What the fire is, or what it is made of when somebody asks for it, which most handlers do not.
    private enum Origin {
        case fire(Fire)
        case lone(EventReference, at: EventDispatcher)
    }

    private let origin: Origin
    private let madeFire = AtomicLazyReference<Fire>()
    /// Nil for an operation and for an observer.
    let handler: RegisteredHandler?
    /// The subscription, where it counts the handler as running.
    private let counting: Unmanaged<EventSubscription>?
    /// Whether it is an observer's.
    let isObserver: Bool
    private let ended = Atomic(false)

    @TaskLocal static var inTask: RunScope?

    init(fire: Fire, handler: RegisteredHandler, isCounted: Bool = true) {
        origin = .fire(fire)
        self.handler = handler
        counting = isCounted ? .passUnretained(handler.subscription) : nil
        isObserver = false
    }

    /// The scope of a handler that is the only one of its fire, which is inside of no other and ends with the handler.
    init(of handler: RegisteredHandler, aloneWith event: EventReference, at dispatcher: EventDispatcher) {
        origin = .lone(event, at: dispatcher)
        self.handler = handler
        counting = .passUnretained(handler.subscription)
        isObserver = false
    }

    /// The scope of what runs in a fire and is no handler.
    init(besideHandlersOf fire: Fire, isObserver: Bool = false) {
        origin = .fire(fire)
        handler = nil
        counting = nil
        self.isObserver = isObserver
    }

    /// The fire that it runs in. That of a lone handler is not told of its end, which is the end of this scope.
    var fire: Fire {
        switch origin {
        case .fire(let fire): fire
        case .lone(let event, let dispatcher):
            madeFire.load()
                ?? madeFire.storeIfNil(Fire(event, at: dispatcher, detail: .failures, parent: nil))
        }
    }

    /// Whether the handler is counted as running by its subscription. One that runs in a fire in place is not: the epochs know of
    /// that fire.
    var isCounted: Bool { counting != nil }

    /// Whether the handler is running. A task that it leaves behind is not inside it any more when it has ended.
    var isLive: Bool { !ended.load(ordering: .acquiring) }

    /// Notes that the handler has ended, or never starts; the first time counts.
    @inline(__always)
    func end() {
        let hadEnded = ended.exchange(true, ordering: .sequentiallyConsistent)
        if !hadEnded { counting?._withUnsafeGuaranteedRef { $0.runEnded() } }
    }

    /// The innermost handler that is running here; nil outside any.
    ///
    /// Of a frame and a task-local scope the frame is the inner one: its task can't bind a value before the frame is gone.
    static var current: RunScope? {
        ThreadFrame.current?.pointee.scope ?? inTask.flatMap { $0.isLive ? $0 : nil }
    }

    /// Whether the calling code may be inside a handler: one that runs on this thread, or one that its task has come from, which may have
    /// ended.
    @inline(__always)
    static var mayBeNested: Bool { ed_thread_frame() != nil || ed_has_handlers_in_tasks() && inTask != nil }

    /// Calls a synchronous closure inside this scope.
    func callSynchronously<Result>(_ body: () -> Result) -> Result {
        var frame = ThreadFrame(self)
        return frame.enter { _ in body() }
    }

    /// The running handlers that this one is inside of, itself included.
    var enclosing: [RunScope] { (fire.liveParent?.enclosing ?? []) + [self] }
}

extension RunScope {
    /// Calls the asynchronous closure of a handler inside this scope, however long it takes, and ends the scope. Naming the
    /// isolation in the closure is what keeps the closure on it.
    @inline(__always)
    func callInTask(
        _ body: HandlerBody.Asynchronous,
        _ permit: StartPermit,
        with event: EventReference,
        isolation: isolated (any Actor)?
    ) async -> HandlerCompletion {
        ed_handler_in_task_began()
        let run = await Self.$inTask.withValue(self) { () -> HandlerCompletion in
            _ = isolation
            do {
                return HandlerCompletion(returned: try await body(event, permit))
            } catch { return HandlerCompletion(threw: error) }
        }
        ed_handler_in_task_ended()
        end()
        return run
    }

    /// Calls an operation inside this scope, and ends the scope.
    func call<Value>(
        _ operation: nonisolated(nonsending) () async throws -> Value,
        isolation: isolated (any Actor)?
    ) async rethrows -> Value {
        ed_handler_in_task_began()
        defer {
            ed_handler_in_task_ended()
            end()
        }
        return try await Self.$inTask.withValue(self) {
            _ = isolation
            return try await operation()
        }
    }
}
