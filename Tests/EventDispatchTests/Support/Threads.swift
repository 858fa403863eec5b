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
