/// A fire of handlers that are plain and need not be awaited: it runs them one after the other and allocates nothing.
struct PlainRun {
    private var summary = DispatchSummary()

    /// Runs handlers that stand in dispatch order, and that something keeps alive.
    @inline(__always)
    static func run(
        _ handlers: UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>,
        _ event: EventReference,
        at dispatcher: Unmanaged<EventDispatcher>
    ) -> DispatchSummary {
        var frame = ThreadFrame(event, at: dispatcher)
        var run = PlainRun()
        run.summary.matched = handlers.count
        frame.enter { run.run(handlers, event, $0) }
        frame.fire?.finish()
        return run.summary
    }

    @inline(__always)
    private mutating func run(
        _ handlers: UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>,
        _ event: EventReference,
        _ frame: UnsafeMutablePointer<ThreadFrame>
    ) {
        for handler in handlers {
            frame.pointee.handler = handler
            handler._withUnsafeGuaranteedRef { handler in
                guard !handler.isHalted, frame.pointee.fire == nil else { return run(handler, event, frame) }
                do { note(try handler.inPlace(event), of: handler) } catch {
                    record(HandlerRun(threw: error), of: handler)
                }
                frame.pointee.endHandler()
            }
        }
    }

    /// Runs a handler that may have been kept from starting meanwhile.
    private mutating func run(
        _ handler: RegisteredHandler,
        _ event: EventReference,
        _ frame: UnsafeMutablePointer<ThreadFrame>
    ) {
        if frame.pointee.fire?.isStopped ?? false {
            return record(HandlerRun(notStarted: .skipped(.stopped)), of: handler)
        }
        if handler.isHalted { return record(HandlerRun(notStarted: .skipped(handler.haltReason)), of: handler) }
        do { note(try handler.inPlace(event), of: handler) } catch { record(HandlerRun(threw: error), of: handler) }
        frame.pointee.endHandler()
    }

    @inline(__always)
    private mutating func note(_ reply: HandlerReply, of handler: RegisteredHandler) {
        if case .nothing = reply { summary.succeeded += 1 } else { record(HandlerRun(returned: reply), of: handler) }
    }

    private mutating func record(_ run: HandlerRun, of handler: RegisteredHandler) {
        summary.record(run, of: handler, everything: false)
    }
}
