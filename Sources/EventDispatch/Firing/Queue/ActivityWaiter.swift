/// A task that waits for a dispatcher to have done what it is doing.
struct ActivityWaiter: Sendable {
    let id: Int
    /// Whether it waits for all fires too, as a stop does, or for the queue only, as a drain does.
    let isStop: Bool
    /// The running handlers that the task stands inside, which can't end before its wait.
    let own: [HandlerScope]
    /// Takes the number of fires that were in progress when the goal was reached; nil when it was not.
    let continuation: CheckedContinuation<Int?, Never>
}
