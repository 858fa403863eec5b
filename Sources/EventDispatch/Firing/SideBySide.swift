import CEventDispatch

/// The handlers of a batch that suspend side by side: starts them in their order, and waits until all have ended.
///
/// A handler that has to be awaited gets a child task, which starts in place. As long as it has not suspended, the firing task waits for
/// it there, and the child goes on with the next handlers itself, if these have to be awaited too: so those that do not suspend share
/// one child. Otherwise the firing task goes on.
final class SideBySide: @unchecked Sendable {
    // Sound: what comes of a handler has a place of its own. All other variables belong to whoever starts handlers, and that is one at
    // a time, on one thread: the firing task, or a child inside the call in which the firing task has started it.

    private(set) var starter: HandlerStarter
    /// The completions of the handlers.
    let runs: HandlerCompletions
    private let handlers: ArraySlice<RegisteredHandler>
    /// The handler that starts next.
    private var next: Int
    /// How many children there are.
    private var children = 0

    init(_ handlers: ArraySlice<RegisteredHandler>, _ starter: HandlerStarter) {
        self.handlers = handlers
        self.starter = starter
        next = handlers.startIndex
        runs = HandlerCompletions(count: handlers.count)
    }

    func run(isolation: isolated (any Actor)?) async {
        if handlers.contains(where: { $0.options.contains(.failFast) }) {
            await withTaskGroup(of: Void.self) { group in
                start(in: &group, isolation: isolation)
                for await _ in group where hasFailedFast { group.cancelAll() }
            }
        } else {
            // Which takes a fifth of the time less, but does not tell when one of its tasks ends.
            await withDiscardingTaskGroup { group in start(in: &group, isolation: isolation) }
        }
    }

    /// Starts all handlers, those that have to be awaited as children of a group.
    private func start(in group: inout some HandlerGroup, isolation: isolated (any Actor)?) {
        while next < handlers.endIndex {
            guard let call = startNext(on: isolation) else { continue }
            children += 1
            let child = children
            let outer = ed_starting_batch()
            ed_set_starting_batch(identity)
            group.addHandler(isolation: isolation) { await self.run(call, inChild: child, isolation: #isolation) }
            ed_set_starting_batch(outer)
        }
        if hasFailedFast { group.cancelAll() }
    }

    /// Whether a handler of a `.failFast` block has failed in the phase of the batch.
    private var hasFailedFast: Bool {
        handlers.first.map { starter.fire.hasFailedFast(inPhase: $0.order.phaseIndex) } ?? false
    }

    /// Starts the next handler. Returns its call if that is to be awaited.
    private func startNext(on isolation: (any Actor)?) -> (call: HandlerCall, index: Int)? {
        let handler = handlers[next]
        let index = next - handlers.startIndex
        next += 1
        switch starter.start(handler, on: isolation, inChild: isAlwaysInChild) {
        case .ended(let run): runs[index] = run
        case .awaits(let call): return (call, index)
        case .noMatch: break
        }
        return nil
    }

    /// Whether handlers that could run in place get children too. A handler that cancels its task would cancel the children of that
    /// with it, and the task that fires posted events is nobody's to cancel.
    private var isAlwaysInChild: Bool {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return false }
        return starter.fire.isPosted
    }

    /// Awaits a handler, and those that are next while the firing task waits for this child in place.
    private func run(
        _ first: (call: HandlerCall, index: Int),
        inChild child: Int,
        isolation: isolated (any Actor)?
    ) async {
        var next: (call: HandlerCall, index: Int)? = first
        while let (call, index) = next {
            runs[index] = await call.call(isolation: isolation)
            next = startNext(inChild: child, on: isolation)
        }
    }

    /// Starts the next handler that can be called, if the calling child is still in place and the handler has to be awaited.
    ///
    /// Not inlined: the child may have come to another thread, where another batch is being started, or none. A task that its handler
    /// has cancelled is not one for others; and what runs in place runs in the firing task.
    @inline(never)
    private func startNext(inChild child: Int, on isolation: (any Actor)?) -> (call: HandlerCall, index: Int)? {
        guard ed_starting_batch() == identity, child == children, !Task.isCancelled else { return nil }
        while next < handlers.endIndex, isAlwaysInChild || handlers[next].mustBeAwaited(on: isolation) {
            if let call = startNext(on: isolation) { return call }
        }
        return nil
    }

    private var identity: UnsafeRawPointer { UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()) }
}

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
