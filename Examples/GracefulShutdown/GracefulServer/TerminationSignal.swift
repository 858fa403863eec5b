import Dispatch
import Foundation

/// SIGTERM, as something to wait for. The signal no longer ends the process once there is one of these.
public final class TerminationSignal: Sendable {
    private let received = Latch()
    // Kept alive; nothing else is done with it.
    nonisolated(unsafe) private let source: any DispatchSourceSignal

    /// Waits from now on: a signal that comes after this returns is seen. The queue looks for it only a moment after it is told to, and
    /// until then it would be lost.
    public init() {
        signal(SIGTERM, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        source.setEventHandler { [received] in received.open() }
        let isRegistered = DispatchSemaphore(value: 0)
        source.setRegistrationHandler { isRegistered.signal() }
        source.resume()
        isRegistered.wait()
    }

    /// Returns when the signal has come.
    public func wait() async throws { try await received.wait() }
}
