/// The way of a fire that could run plainly if each handler could start: some have an owner that may be gone, or limits of their own, or
/// stand around the event's phases. As ``PlainPath``, and handlers are asked before they are called.
extension PlainPath {
    /// Runs a fire of handlers that were found; it gives them back where one of them needs more.
    @inline(never)
    func attemptNearlyPlainly(
        _ handlers: UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>,
        _ event: EventReference,
        _ dispatcher: Unmanaged<EventDispatcher>,
        _ isolation: (any Actor)?,
        asksTask: Bool
    ) -> PlainAttempt {
        for handler in handlers {
            guard handler._withUnsafeGuaranteedRef({ $0.isNearlyPlain(on: isolation) }) else {
                return .handlers(handlers.map { $0.takeUnretainedValue() })
            }
        }
        return NearlyPlainRun.run(handlers, event, at: dispatcher, asksTask: asksTask)
    }
}

/// A fire as of ``PlainRun``, whose handlers are asked before they are called.
private struct NearlyPlainRun {
    private let dispatcher: Unmanaged<EventDispatcher>
    private var summary = DispatchSummary()

    private var cancellation = PhaseCancellation()

    static func run(
        _ handlers: UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>,
        _ event: EventReference,
        at dispatcher: Unmanaged<EventDispatcher>,
        asksTask: Bool
    ) -> PlainAttempt {
        var frame = ThreadFrame(event, at: dispatcher)
        var run = NearlyPlainRun(dispatcher: dispatcher)
        for handler in handlers {
            handler._withUnsafeGuaranteedRef { run.run($0, event, &frame, asksTask: asksTask) }
        }
        return PlainAttempt(end: frame.fire, run.summary)
    }

    private mutating func run(
        _ handler: RegisteredHandler,
        _ event: EventReference,
        _ frame: inout ThreadFrame,
        asksTask: Bool
    ) {
        let isCancelled = asksTask && cancellation.isFound(at: handler)
        if let refusal = frame.refusal(of: handler, isCancelled: isCancelled) ?? handler.ownerRefusal {
            return record(HandlerCompletion(refused: refusal), of: handler)
        }
        guard let constraints = handler.unmanagedConstraints else {
            return record(call(handler, event, &frame), of: handler)
        }
        constraints._withUnsafeGuaranteedRef { constraints in
            let claim = constraints.notesStarts ? ClaimID.next() : .any
            // One whose limits others have used up is no match any more.
            guard constraints.claim(claim, for: event) else { return }
            let completion = call(handler, event, &frame)
            if constraints.settle(claim, completion.claimEnd, for: event) {
                dispatcher._withUnsafeGuaranteedRef { $0.registry.removeUsedUp(handler) }
            }
            record(completion, of: handler)
        }
    }

    /// Calls a handler inside the frame. Limits are asked outside: what their keys and clocks do is not done by the handler.
    private func call(
        _ handler: RegisteredHandler,
        _ event: EventReference,
        _ frame: inout ThreadFrame
    ) -> HandlerCompletion {
        frame.handler = .passUnretained(handler)
        defer { frame.endHandler() }
        return frame.enter { _ in HandlerCompletion(calling: handler, with: event) }
    }

    private mutating func record(_ completion: HandlerCompletion, of handler: RegisteredHandler) {
        summary.noteMatch(of: handler)
        summary.record(completion, of: handler, everything: false)
    }
}

extension HandlerConstraints {
    /// Claims a start from every limit, or from none, and tells them that the handler starts.
    fileprivate func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        if let onlyLimit {
            return onlyLimit._withUnsafeGuaranteedRef { limit in
                guard limit.claim(id, for: event) else { return false }
                if notesStarts { limit.noteStart(id, for: event) }
                return true
            }
        }
        for index in limits.indices where !limits[index].limit.claim(id, for: event) {
            for earlier in limits[..<index] { _ = earlier.limit.settle(id, .notStarted, for: event) }
            return false
        }
        if notesStarts { for planned in limits { planned.limit.noteStart(id, for: event) } }
        return true
    }

    /// Settles the claims on limits. Returns whether one of them is used up.
    fileprivate func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        if let onlyLimit { return onlyLimit._withUnsafeGuaranteedRef { $0.settle(id, end, for: event) } }
        var isUsedUp = false
        for planned in limits where planned.limit.settle(id, end, for: event) { isUsedUp = true }
        return isUsedUp
    }
}
