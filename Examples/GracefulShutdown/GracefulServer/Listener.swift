import Foundation

/// Accepts connections on a thread of its own, until it is closed.
final class Listener: Sendable {
    let port: UInt16
    private let descriptor: Int32
    private let wakeUp = Pipe()
    private let closed = Latch()

    init() throws {
        let descriptor = Loopback.makeSocket()
        guard Loopback.withAddress(port: 0, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 128) == 0 else {
            throw SystemError("listen")
        }
        self.descriptor = descriptor
        port = Loopback.port(of: descriptor)
    }

    func start(_ handle: @escaping @Sendable (Connection) -> Void) {
        Thread.detachNewThread { [self] in
            while waitForConnection() {
                let accepted = accept(descriptor, nil, nil)
                if accepted < 0 { continue }
                Thread.detachNewThread { handle(Connection(accepted)) }
            }
            close(descriptor)
            closed.open()
        }
    }

    /// Returns when the socket is closed.
    func stop() async throws {
        wakeUp.fileHandleForWriting.write(Data([0]))
        try await closed.wait()
    }

    /// False when the listener shall stop.
    private func waitForConnection() -> Bool {
        var entries = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeUp.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        poll(&entries, nfds_t(entries.count), -1)
        return entries[1].revents == 0
    }
}
