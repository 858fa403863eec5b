import Foundation

/// Runs a body on a thread of its own, which may block as no task's thread may.
func onThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        Thread {
            body()
            continuation.resume()
        }
        .start()
    }
}
