import CEventDispatch
import Synchronization

/// What runs inside a fire: a handler, an operation that the event is fired around, or an observer. Code called from it can know
/// by this where it is.
///
/// While a synchronous handler runs, its scope hangs on a frame of the thread; around asynchronous handlers it is bound as a
/// task-local value, which follows them across threads.
final class HandlerScope: HandlerRunning {
    let fire: Fire
    /// Nil for an operation and for an observer.
    let handler: RegisteredHandler?
    /// Whether the handler is counted as running by its subscription. One that runs in a fire in place is not: the epochs know of
    /// that fire.
    let isCounted: Bool
    private let ended = Atomic(false)

    @TaskLocal static var inTask: HandlerScope?

    init(fire: Fire, handler: RegisteredHandler, isCounted: Bool = true) {
        self.fire = fire
        self.handler = handler
        self.isCounted = isCounted
    }

    /// The scope of what runs in a fire and is no handler.
    init(besideHandlersOf fire: Fire) {
        self.fire = fire
        handler = nil
        isCounted = false
    }

    /// Whether the handler is running. A task that it leaves behind is not inside it any more when it has ended.
    var isLive: Bool { !ended.load(ordering: .acquiring) }

    /// Notes that the handler has ended.
    func end() {
        ended.store(true, ordering: .sequentiallyConsistent)
        if isCounted { handler?.subscription.runEnded() }
    }

    /// The innermost handler that is running here; nil outside any.
    ///
    /// A thread's scope and a task's can both be there, when a synchronous handler is called inside an asynchronous one, or
    /// starts a task in place in which an asynchronous one is called.
    static var current: HandlerScope? {
        let ofTask = inTask.flatMap { $0.isLive ? $0 : nil }
        guard let ofThread = ThreadFrame.current?.pointee.scope else { return ofTask }
        guard let ofTask, !ofThread.enclosing.contains(where: { $0 === ofTask }) else { return ofThread }
        return ofTask
    }

    /// Whether the calling code is inside a handler, ended ones included.
    @inline(__always)
    static var isNested: Bool { ThreadFrame.current != nil || ed_has_handlers_in_tasks() && inTask != nil }

    /// Calls a synchronous closure inside this scope.
    func callSynchronously<Result>(_ body: () -> Result) -> Result {
        var frame = ThreadFrame(self)
        return frame.enter { _ in body() }
    }

    /// The running handlers that this one is inside of, itself included.
    var enclosing: [HandlerScope] { (fire.liveParent?.enclosing ?? []) + [self] }
}
