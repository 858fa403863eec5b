import CEventDispatch
import Synchronization

/// A handler, an operation or an observer that runs inside a fire. Code called from it can know
/// by this where it is.
///
/// While a synchronous handler runs, its scope hangs on a frame of the thread; around asynchronous handlers it is bound as a
/// task-local value, which follows them across threads.
final class RunScope: HandlerRunning, @unchecked Sendable {
    // Sound: constants and atomics; the handler keeps its subscription alive.

    /// The fire, or its parts: most handlers never ask for it, so it is made late.
    private enum Origin {
        case fire(Fire)
        case lone(EventReference, at: EventDispatcher, number: UInt64)
    }

    private let origin: Origin
    private let madeFire = AtomicLazyReference<Fire>()
    /// Nil for an operation and for an observer.
    let handler: RegisteredHandler?
    /// The subscription, where it counts the handler as running.
    private let counting: Unmanaged<EventSubscription>?
    /// A copy of the event, for a handler with places per key: whether a run inside waits for the same place may be asked when the fire
    /// is over, or while it ends, because the handler was left behind or has left a task behind.
    let event: EventCopy?
    /// Whether it is an observer's.
    let isObserver: Bool
    private let state = Atomic<UInt8>(0)

    private static let hasEnded: UInt8 = 1
    /// Somebody asked for the fire of a lone handler.
    private static let hasFire: UInt8 = 2

    @TaskLocal static var inTask: RunScope?

    init(fire: Fire, handler: RegisteredHandler, event: EventCopy? = nil, isCounted: Bool = true) {
        origin = .fire(fire)
        self.handler = handler
        self.event = event
        counting = isCounted ? .passUnretained(handler.subscription) : nil
        isObserver = false
    }

    /// The scope of a handler that is the only one of its fire, which is inside of no other and ends with the handler.
    ///
    /// - Parameter number: by which a recorder knows the fire; 0 for none.
    init(of handler: RegisteredHandler, aloneWith event: EventReference, at dispatcher: EventDispatcher, number: UInt64)
    {
        origin = .lone(event, at: dispatcher, number: number)
        self.handler = handler
        self.event = nil
        counting = .passUnretained(handler.subscription)
        isObserver = false
    }

    /// The scope of what runs in a fire and is no handler.
    init(besideHandlersOf fire: Fire, isObserver: Bool = false) {
        origin = .fire(fire)
        handler = nil
        event = nil
        counting = nil
        self.isObserver = isObserver
    }

    /// The fire that it runs in.
    var fire: Fire {
        switch origin {
        case .fire(let fire): fire
        case .lone(let event, let dispatcher, let number): madeFire.load() ?? makeFire(event, dispatcher, number)
        }
    }

    /// Makes the fire of a lone handler. One that is asked for when the handler has ended is over.
    private func makeFire(_ event: EventReference, _ dispatcher: EventDispatcher, _ number: UInt64) -> Fire {
        let fire = Fire(event, at: dispatcher, detail: .failures, parent: nil, number: number)
        let old = state.bitwiseOr(Self.hasFire, ordering: .sequentiallyConsistent).oldValue
        if old & Self.hasEnded != 0 { _ = fire.finish() }
        return madeFire.storeIfNil(fire)
    }

    /// The fire of a lone handler that has ended, if somebody asked for it before that; nobody else ends it.
    var fireToEnd: Fire? { state.load(ordering: .relaxed) & Self.hasFire != 0 ? fire : nil }

    /// Whether the handler is counted as running by its subscription. One that runs in a fire in place is not: the epochs know of
    /// that fire.
    var isCounted: Bool { counting != nil }

    /// Whether others may wait for a slot that the run has.
    var mayHoldSlot: Bool { handler?.holdsSlot ?? false }

    /// Whether the handler is running. A task that it leaves behind is not inside it any more when it has ended.
    var isLive: Bool { state.load(ordering: .acquiring) & Self.hasEnded == 0 }

    /// Notes that the handler has ended, or never starts; the first time counts.
    @inline(__always)
    func end() {
        let old = state.bitwiseOr(Self.hasEnded, ordering: .sequentiallyConsistent).oldValue
        if old & Self.hasEnded == 0 { counting?._withUnsafeGuaranteedRef { $0.runEnded() } }
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

/// A fire or a handler that runs in place on this thread, as a frame on the thread's stack.
///
/// It hangs on a thread-local pointer, which costs a tenth of binding a task-local value. What stands in it becomes objects only
/// when somebody asks, which most handlers do not.
///
/// A thread can run other tasks under a frame: where a handler on the main actor runs the run loop, or one on an executor runs what that
/// has to do. These are not inside the handler, so a frame knows the task that made it.
struct ThreadFrame {
    private let dispatcher: Unmanaged<EventDispatcher>
    private let event: EventReference
    /// The task that made the frame; nil outside any. It can't end as long as the frame stands.
    private let task = ed_current_task()
    /// How many frames the thread has, this one included, whichever tasks made them.
    private var depth = 1
    /// The handler that is running.
    var handler: Unmanaged<RegisteredHandler>?
    /// The fire, once somebody asked for it.
    private(set) var fire: Fire?
    private var madeScope: RunScope?
    /// The number that a recorder knows the fire by; 0 for none.
    var number: UInt64 = 0

    /// The frame of a fire that is inside of no other.
    init(_ event: EventReference, at dispatcher: Unmanaged<EventDispatcher>) {
        self.dispatcher = dispatcher
        self.event = event
    }

    /// The frame of a handler whose scope is known.
    init(_ scope: RunScope) {
        dispatcher = .passUnretained(scope.fire.dispatcher)
        event = scope.fire.event
        handler = scope.handler.map { .passUnretained($0) }
        fire = scope.fire
        madeScope = scope
    }

    /// Why a handler must not start in the fire; nil when it may.
    ///
    /// - Parameters:
    ///   - handler: the handler.
    ///   - isCancelled: whether the firing task was found cancelled.
    func refusal(of handler: RegisteredHandler, isCancelled: Bool) -> Refusal? {
        if fire?.isStopped ?? false { return .fireStopped }
        if isCancelled { return .cancelled }
        return handler.isHalted ? handler.haltRefusal : nil
    }

    /// The scope of the handler that is running.
    var scope: RunScope {
        mutating get {
            if let madeScope { return madeScope }
            let fire =
                fire
                ?? Fire(event, at: dispatcher.takeUnretainedValue(), detail: .failures, parent: nil, number: number)
            self.fire = fire
            guard let handler else { preconditionFailure("a frame is only seen from inside a handler") }
            let scope = RunScope(fire: fire, handler: handler.takeUnretainedValue(), isCounted: false)
            madeScope = scope
            return scope
        }
    }

    /// Notes that the handler that was running has ended.
    @inline(__always)
    mutating func endHandler() {
        guard madeScope != nil else { return }
        madeScope?.end()
        madeScope = nil
    }

    /// Calls a closure inside the frame, which stays where it is meanwhile.
    @inline(__always)
    mutating func enter<Result>(_ body: (UnsafeMutablePointer<ThreadFrame>) throws -> Result) rethrows -> Result {
        let outer = ed_thread_frame()
        depth = 1 + Self.depth
        return try withUnsafeMutablePointer(to: &self) { frame in
            ed_set_thread_frame(frame)
            defer { ed_set_thread_frame(outer) }
            return try body(frame)
        }
    }

    /// How many frames this thread has, whichever tasks made them: a task that starts at once, as `Task.immediate` does, starts inside of
    /// the frames of another.
    @inline(__always)
    static var depth: Int { ed_thread_frame()?.assumingMemoryBound(to: ThreadFrame.self).pointee.depth ?? 0 }

    /// The innermost frame of this thread, if the running task made it; nil outside any.
    @inline(__always)
    static var current: UnsafeMutablePointer<ThreadFrame>? {
        guard let frame = ed_thread_frame()?.assumingMemoryBound(to: ThreadFrame.self) else { return nil }
        return frame.pointee.task == ed_current_task() ? frame : nil
    }
}
