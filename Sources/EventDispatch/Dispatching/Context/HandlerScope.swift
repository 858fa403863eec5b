import CEventDispatch
import Synchronization

/// A handler that is running: what code called from it can know about where it is.
///
/// While a synchronous handler runs, its scope hangs on a thread-local pointer, which costs a tenth of binding a task-local
/// value; around asynchronous handlers it is bound as a task-local value, which follows them across threads.
final class HandlerScope: HandlerRunning {
    let fire: Fire
    let handler: RegisteredHandler
    private let ended = Atomic(false)

    @TaskLocal static var inTask: HandlerScope?

    init(fire: Fire, handler: RegisteredHandler) {
        self.fire = fire
        self.handler = handler
    }

    /// Whether the handler is running. A task that it leaves behind is not inside it any more when it has ended.
    var isLive: Bool { !ended.load(ordering: .acquiring) }

    /// Notes that the handler has ended.
    func end() {
        ended.store(true, ordering: .sequentiallyConsistent)
        handler.subscription.runs.end()
    }

    /// The innermost handler that is running here; nil outside any.
    ///
    /// A thread's scope and a task's can both be there, when a synchronous handler is called inside an asynchronous one, or
    /// starts a task in place in which an asynchronous one is called.
    static var current: HandlerScope? {
        let ofTask = inTask.flatMap { $0.isLive ? $0 : nil }
        guard let pointer = ed_thread_scope() else { return ofTask }
        // Sound: the pointer is only set while `callSynchronously`, on this thread, keeps the scope alive.
        let ofThread = Unmanaged<HandlerScope>.fromOpaque(pointer).takeUnretainedValue()
        guard let ofTask, !ofThread.enclosing.contains(where: { $0 === ofTask }) else { return ofThread }
        return ofTask
    }

    /// Calls a synchronous handler inside this scope.
    func callSynchronously<Result>(_ body: () -> Result) -> Result {
        let outer = ed_thread_scope()
        ed_set_thread_scope(Unmanaged.passUnretained(self).toOpaque())
        defer { ed_set_thread_scope(outer) }
        return body()
    }

    /// The running handlers that this one is inside of, itself included.
    var enclosing: [HandlerScope] { (fire.liveParent?.enclosing ?? []) + [self] }
}
