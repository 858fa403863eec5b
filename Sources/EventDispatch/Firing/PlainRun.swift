import CEventDispatch

/// A fire of handlers that are plain and need not be awaited: it runs them one after the other and allocates nothing.
struct PlainRun {
    private var summary = DispatchSummary()

    /// Whether the firing task was found cancelled at the beginning of a phase.
    private var isCancelled = false
    /// The phase of the last handler.
    private var phase: Int

    private init(phase: Int) { self.phase = phase }

    /// Runs handlers that stand in dispatch order, and that something keeps alive.
    ///
    /// - Parameter asksTask: whether the cancellation of the task keeps handlers from starting.
    @inline(__always)
    static func run(
        _ handlers: UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>,
        _ event: EventReference,
        at dispatcher: Unmanaged<EventDispatcher>,
        asksTask: Bool
    ) -> DispatchSummary {
        guard let first = handlers.first else { return DispatchSummary() }
        var frame = ThreadFrame(event, at: dispatcher)
        var run = PlainRun(phase: first._withUnsafeGuaranteedRef { $0.order.phaseIndex })
        run.summary.matched = handlers.count
        frame.enter { run.run(handlers, event, $0, asksTask) }
        frame.fire?.finish()
        return run.summary
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
                    let obstacle = obstacle(to: handler, frame)
                {
                    return record(HandlerRun(notStarted: obstacle), of: handler)
                }
                do { note(try handler.inPlace(event), of: handler) } catch {
                    record(HandlerRun(threw: error), of: handler)
                }
                frame.pointee.endHandler()
            }
        }
    }

    /// The result of a handler that must not start; nil for one that may.
    private func obstacle(
        to handler: RegisteredHandler,
        _ frame: UnsafeMutablePointer<ThreadFrame>
    ) -> HandlerResult? {
        if frame.pointee.fire?.isStopped ?? false { return .skipped(.fireStopped) }
        if isCancelled { return .cancelled }
        return handler.isHalted ? .skipped(handler.haltReason) : nil
    }

    @inline(__always)
    private mutating func note(_ reply: HandlerReply, of handler: RegisteredHandler) {
        if case .nothing = reply { summary.succeeded += 1 } else { record(HandlerRun(returned: reply), of: handler) }
    }

    private mutating func record(_ run: HandlerRun, of handler: RegisteredHandler) {
        summary.record(run, of: handler, everything: false)
    }
}
