import CEventDispatch

/// A running handler: what code called from it can know about where it is.
///
/// While a synchronous handler runs, its scope hangs on a thread-local pointer, which costs a tenth of binding a task-local
/// value; around asynchronous handlers it is bound as a task-local value, which follows them across threads.
struct HandlerScope: Sendable {
    let fire: Fire
    let handler: RegisteredHandler

    @TaskLocal static var inTask: HandlerScope?

    /// The innermost handler that runs here; nil outside any.
    ///
    /// A thread's scope and a task's can both be there, when a synchronous handler is called inside an asynchronous one or
    /// starts a task in place. They nest, so the deeper one is the inner one.
    static var current: HandlerScope? {
        var scope = inTask
        if let pointer = ed_thread_scope() {
            // Sound: the pointer is only set while `callSynchronously`, on this thread, keeps the scope in place.
            let onThread = pointer.assumingMemoryBound(to: HandlerScope.self).pointee
            if onThread.fire.depth >= scope?.fire.depth ?? 0 { scope = onThread }
        }
        if let ended = scope, ended.fire.isFinished { scope = ended.fire.liveParent }
        return scope
    }

    /// Calls a synchronous handler inside this scope.
    func callSynchronously<Result>(_ body: () -> Result) -> Result {
        withUnsafePointer(to: self) { pointer in
            let outer = ed_thread_scope()
            ed_set_thread_scope(pointer)
            defer { ed_set_thread_scope(outer) }
            return body()
        }
    }

    /// The runs of a subscription's handlers that this one is inside of, itself included.
    func runs(of subscription: EventSubscription) -> Set<HandlerRunID> {
        var runs = fire.liveParent?.runs(of: subscription) ?? []
        if handler.subscription === subscription {
            runs.insert(HandlerRunID(fire: ObjectIdentifier(fire), handler: ObjectIdentifier(handler)))
        }
        return runs
    }
}
