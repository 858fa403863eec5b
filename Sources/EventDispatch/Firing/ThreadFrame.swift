import CEventDispatch

/// What runs in place on this thread: the frame of a fire, or of one handler, on the thread's stack.
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

    /// The scope of the handler that is running.
    var scope: RunScope {
        mutating get {
            if let madeScope { return madeScope }
            let fire =
                fire
                ?? Fire(event, at: dispatcher.takeUnretainedValue(), detail: .failures, parent: nil)
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
        depth += Self.depth
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
