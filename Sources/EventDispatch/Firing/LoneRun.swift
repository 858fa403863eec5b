/// The run of a handler that is plain, the only one of its fire, and has to be awaited: it has begun, and is to be called.
///
/// It needs neither a `Fire` nor a `DispatchRun`, and counts only those references that outlive the epochs' pin.
struct LoneRun {
    private let scope: HandlerScope
    /// Kept alive by the scope.
    private let handler: Unmanaged<RegisteredHandler>

    /// - Parameter handler: a counted reference, which the run takes over.
    @inline(__always)
    init(of handler: Unmanaged<RegisteredHandler>, with event: EventReference, at dispatcher: EventDispatcher) {
        self.handler = handler
        scope = HandlerScope(of: handler.takeRetainedValue(), aloneWith: event, at: dispatcher)
    }

    /// Calls the handler, which ends the run.
    @inline(__always)
    func call(with event: EventReference, isolation: isolated (any Actor)?) async -> DispatchSummary {
        let (body, permit) = handler._withUnsafeGuaranteedRef { ($0.awaitedCall, $0.startPermit) }
        let run = await scope.callInTask(body, permit, with: event, isolation: isolation)
        return withExtendedLifetime(scope) { handler._withUnsafeGuaranteedRef { DispatchSummary(run, of: $0) } }
    }
}
