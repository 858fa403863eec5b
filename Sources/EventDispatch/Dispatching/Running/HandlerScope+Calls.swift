import CEventDispatch

extension HandlerScope {
    /// Calls an asynchronous handler inside this scope, however long it takes, and ends the scope. Naming the isolation in the
    /// closure is what keeps the closure on it.
    func callInTask(
        _ body: HandlerBody.Asynchronous,
        with event: EventReference,
        isolation: isolated (any Actor)?
    ) async -> HandlerRun {
        ed_handler_in_task_began()
        let run = await Self.$inTask.withValue(self) { () -> HandlerRun in
            _ = isolation
            do {
                return HandlerRun(returned: try await body(event, StartPermit(subscription: handler.subscription)))
            } catch { return HandlerRun(threw: error) }
        }
        ed_handler_in_task_ended()
        end()
        return run
    }
}
