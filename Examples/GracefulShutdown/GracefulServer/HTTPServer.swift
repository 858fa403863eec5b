import EventDispatch

/// Answers each request with its body. One request a connection, on loopback.
public final class HTTPServer: EventSubscriber, Sendable {
    /// Where it listens.
    public var port: UInt16 { listener.port }
    private let listener: Listener
    private let book = RequestBook()
    private let write: @Sendable (String) -> Void

    /// Opens a port that the system chooses.
    ///
    /// - Parameter write: takes a line for what happens at the end.
    public init(write: @escaping @Sendable (String) -> Void) throws {
        listener = try Listener()
        self.write = write
    }

    /// Accepts connections from now on.
    public func start() {
        listener.start { [book] connection in
            defer { connection.finish() }
            try? HTTPExchange(connection: connection, book: book).run()
        }
    }

    /// How the server ends.
    public var handlers: [SubscriptionDeclaration] {
        On(ShutdownRequested.self) {
            Phase(.drain) { Handle("requests in flight", drain).timeout(.seconds(60)) }
            Phase(.close) { Handle("listening socket", close) }
            Phase(.report) { Handle("summary", report) }
        }
    }

    private func drain(_ event: ShutdownRequested) async throws {
        write("draining: \(book.refuseFromNowOn()) in flight")
        try await book.drain()
    }

    private func close(_ event: ShutdownRequested) async throws {
        try await listener.stop()
        write("closed")
    }

    private func report(_ event: ShutdownRequested) {
        let counts = book.current
        write("answered \(counts.answered), refused \(counts.refused)")
    }
}
