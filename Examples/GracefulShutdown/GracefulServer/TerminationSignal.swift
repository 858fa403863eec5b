import Dispatch
import Foundation

/// SIGTERM, as something to wait for. The signal no longer ends the process once there is one of these.
public final class TerminationSignal: Sendable {
    private let received = Latch()
    // Kept alive; nothing else is done with it.
    nonisolated(unsafe) private let source: any DispatchSourceSignal

    /// Waits from now on.
    public init() {
        signal(SIGTERM, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        source.setEventHandler { [received] in received.open() }
        source.resume()
    }

    /// Returns when the signal has come.
    public func wait() async throws { try await received.wait() }
}
