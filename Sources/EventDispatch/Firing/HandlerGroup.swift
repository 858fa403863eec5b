/// A group of tasks in which handlers run side by side.
protocol HandlerGroup {
    /// Adds a child that runs on the given isolation, and runs it to its first suspension before returning where the
    /// system can do that.
    ///
    /// Naming the isolation inside the child's closure is what makes the child inherit it. A capture list on the
    /// operation would make it lose the isolation again (Swift 6.3.1).
    mutating func addHandler(
        isolation: isolated (any Actor)?,
        _ operation: nonisolated(nonsending) @escaping @Sendable () async -> Void
    )

    func cancelAll()
}

extension TaskGroup<Void>: HandlerGroup {
    mutating func addHandler(
        isolation: isolated (any Actor)?,
        _ operation: nonisolated(nonsending) @escaping @Sendable () async -> Void
    ) {
        if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            addImmediateTask {
                _ = isolation
                await operation()
            }
        } else {
            addTask {
                _ = isolation
                await operation()
            }
        }
    }
}

extension DiscardingTaskGroup: HandlerGroup {
    mutating func addHandler(
        isolation: isolated (any Actor)?,
        _ operation: nonisolated(nonsending) @escaping @Sendable () async -> Void
    ) {
        if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            addImmediateTask {
                _ = isolation
                await operation()
            }
        } else {
            addTask {
                _ = isolation
                await operation()
            }
        }
    }
}
