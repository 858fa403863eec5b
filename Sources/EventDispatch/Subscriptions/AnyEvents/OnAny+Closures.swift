// One handler without a block around it. The kinds of closure are kept apart as in `Handle`.

extension OnAny {
    /// One synchronous handler for the events of all types, or of those whose names fit a pattern.
    public init(
        _ phase: AnyEventPhase = .main,
        _ options: AnyEventOptions = [],
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Base) throws -> Void
    ) where Base == any MatchableEvent {
        self.init(phase, options, named: pattern, fileID: fileID, line: line) {
            Handle(fileID: fileID, line: line) { event in try body(event.base) }
        }
    }

    /// One synchronous handler on the main actor for the events of all types, or of those whose names fit a pattern.
    public init(
        _ phase: AnyEventPhase = .main,
        _ options: AnyEventOptions = [],
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Base) throws -> Void
    ) where Base == any MatchableEvent {
        self.init(phase, options, named: pattern, fileID: fileID, line: line) {
            Handle(fileID: fileID, line: line, isolation: isolation) { @MainActor event in try body(event.base) }
        }
    }

    /// One asynchronous handler for the events of all types, or of those whose names fit a pattern.
    @_disfavoredOverload
    public init(
        _ phase: AnyEventPhase = .main,
        _ options: AnyEventOptions = [],
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Base) async throws -> Void
    ) where Base == any MatchableEvent {
        self.init(phase, options, named: pattern, fileID: fileID, line: line) {
            Handle(fileID: fileID, line: line) { event in try await body(event.base) }
        }
    }

    /// One synchronous handler for the events whose types conform to a protocol.
    public init(
        _ phase: AnyEventPhase = .main,
        _ options: AnyEventOptions = [],
        conformingTo type: Base.Type,
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Base) throws -> Void
    ) {
        self.init(phase, options, conformingTo: type, named: pattern, fileID: fileID, line: line) {
            Handle(fileID: fileID, line: line) { event in try body(event.base) }
        }
    }

    /// One synchronous handler on the main actor for the events whose types conform to a protocol.
    public init(
        _ phase: AnyEventPhase = .main,
        _ options: AnyEventOptions = [],
        conformingTo type: Base.Type,
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        isolation: MainActor.Type = MainActor.self,
        _ body: @escaping @MainActor @Sendable (Base) throws -> Void
    ) {
        self.init(phase, options, conformingTo: type, named: pattern, fileID: fileID, line: line) {
            Handle(fileID: fileID, line: line, isolation: isolation) { @MainActor event in try body(event.base) }
        }
    }

    /// One asynchronous handler for the events whose types conform to a protocol.
    @_disfavoredOverload
    public init(
        _ phase: AnyEventPhase = .main,
        _ options: AnyEventOptions = [],
        conformingTo type: Base.Type,
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) @escaping @Sendable (Base) async throws -> Void
    ) {
        self.init(phase, options, conformingTo: type, named: pattern, fileID: fileID, line: line) {
            Handle(fileID: fileID, line: line) { event in try await body(event.base) }
        }
    }
}
