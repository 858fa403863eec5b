/// The run of a handler that is plain, the only one of its fire, and has to be awaited: it has begun, and is to be called.
///
/// It needs neither a `Fire` nor a `DispatchRun`, and counts only those references that outlive the epochs' pin.
struct LoneRun {
    private let scope: HandlerScope
    /// Kept alive by the scope.
    private let handler: Unmanaged<RegisteredHandler>

    /// A run of a handler that something keeps alive meanwhile.
    @inline(__always)
    init(
        of handler: Unmanaged<RegisteredHandler>,
        with event: EventReference,
        at dispatcher: Unmanaged<EventDispatcher>
    ) {
        self.handler = handler
        scope = handler._withUnsafeGuaranteedRef { handler in
            dispatcher._withUnsafeGuaranteedRef { HandlerScope(of: handler, aloneWith: event, at: $0) }
        }
    }

    /// Calls the handler, which ends the run.
    @inline(__always)
    func call(with event: EventReference, isolation: isolated (any Actor)?) async -> DispatchSummary {
        let (body, permit) = handler._withUnsafeGuaranteedRef { ($0.awaitedCall, $0.startPermit) }
        let run = await scope.callInTask(body, permit, with: event, isolation: isolation)
        return withExtendedLifetime(scope) { handler._withUnsafeGuaranteedRef { DispatchSummary(run, of: $0) } }
    }
}
