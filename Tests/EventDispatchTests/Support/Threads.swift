import Foundation

/// Runs a body on a thread of its own, which may block as no task's thread may.
func onThread<Result: Sendable>(
    stackSize: Int = 8 << 20,
    _ body: @escaping @Sendable () -> Result
) async -> Result {
    await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: body()) }
        thread.stackSize = stackSize
        thread.start()
    }
}

/// Runs a body on so many threads at once, each with its number; none begins before all are there.
func onThreads<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) async -> [Result] {
    let arrived = Tally()
    return await withTaskGroup(of: (Int, Result).self) { group in
        for number in 0..<count {
            group.addTask {
                await onThread {
                    arrived.increment()
                    while arrived.value < count {}
                    return (number, body(number))
                }
            }
        }
        return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }.sorted { $0.key < $1.key }.map(\.value)
    }
}
