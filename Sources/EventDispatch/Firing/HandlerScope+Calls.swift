import CEventDispatch

extension HandlerScope {
    /// Calls the asynchronous closure of a handler inside this scope, however long it takes, and ends the scope. Naming the
    /// isolation in the closure is what keeps the closure on it.
    @inline(__always)
    func callInTask(
        _ body: HandlerBody.Asynchronous,
        _ permit: StartPermit,
        with event: EventReference,
        isolation: isolated (any Actor)?
    ) async -> HandlerRun {
        ed_handler_in_task_began()
        let run = await Self.$inTask.withValue(self) { () -> HandlerRun in
            _ = isolation
            do {
                return HandlerRun(returned: try await body(event, permit))
            } catch { return HandlerRun(threw: error) }
        }
        ed_handler_in_task_ended()
        end()
        return run
    }

    /// Calls an operation inside this scope, and ends the scope.
    func call<Value>(
        _ operation: nonisolated(nonsending) () async throws -> Value,
        isolation: isolated (any Actor)?
    ) async rethrows -> Value {
        ed_handler_in_task_began()
        defer {
            ed_handler_in_task_ended()
            end()
        }
        return try await Self.$inTask.withValue(self) {
            _ = isolation
            return try await operation()
        }
    }
}
