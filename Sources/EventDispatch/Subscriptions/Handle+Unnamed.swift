// Initializers of their own, not a name that may be left out: a function that is passed without one, `Handle(audit)`, would be
// taken for the name.

extension Handle {
    /// A synchronous handler without a name. It runs in place, on whatever thread or actor fires.
    @inlinable
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Event) throws -> Event.Reply
    ) {
        self.init("", fileID: fileID, line: line, body)
    }

    /// A synchronous handler without a name, on the main actor: in place when the main actor fires, otherwise after a hop.
    @inlinable
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Event) throws -> Event.Reply
    ) {
        self.init("", fileID: fileID, line: line, isolation: isolation, body)
    }

    /// An asynchronous handler without a name. Without an isolation of its own it runs on the actor that fires.
    @inlinable
    @_disfavoredOverload
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Event) async throws -> Event.Reply
    ) {
        self.init("", fileID: fileID, line: line, body)
    }
}
