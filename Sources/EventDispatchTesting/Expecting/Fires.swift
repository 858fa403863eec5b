import EventDispatch

/// Expects events to be fired.
///
/// ```swift
/// Fires(UserCreated.self, times: 1) { Where(\.role == .admin) }
/// Fires(named: "shop.order.*")
/// ```
public struct Fires: EventExpectation {
    /// The expectation as data.
    @_documentation(visibility: internal)
    public let declaration: ExpectationDeclaration

    /// Expects events of a type, for which conditions hold.
    ///
    /// - Parameters:
    ///   - event: the type.
    ///   - count: how often; at least once unless told otherwise.
    ///   - conditions: `Where` and `AnyOf` lines that all have to hold.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public init<Event: MatchableEvent>(
        _ event: Event.Type,
        times count: FireCount = .atLeast(1),
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ conditions: () -> [ClauseDeclaration] = { [] }
    ) {
        let location = CallSite(fileID: fileID, line: line)
        declaration = .events(of: event, "Fires", count, count.argument, at: location, conditions())
    }

    /// Expects events whose types' names fit a pattern, or whose own names do, as those of a `NamedEvent`.
    ///
    /// - Parameters:
    ///   - pattern: a dotted name, in which `*` stands for one token, and `**`, as the last one, for all that follow.
    ///   - count: how often; at least once unless told otherwise.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public init(
        named pattern: String,
        times count: FireCount = .atLeast(1),
        fileID: String = #fileID,
        line: Int = #line
    ) {
        let location = CallSite(fileID: fileID, line: line)
        declaration = .events(named: pattern, "Fires", count, count.argument, at: location)
    }
}

/// Expects events not to be fired.
///
/// ```swift
/// NeverFires(UserDeleted.self) { Where(\.role == .admin) }
/// ```
public struct NeverFires: EventExpectation {
    /// The expectation as data.
    @_documentation(visibility: internal)
    public let declaration: ExpectationDeclaration

    /// Expects no event of a type for which conditions hold.
    public init<Event: MatchableEvent>(
        _ event: Event.Type,
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ conditions: () -> [ClauseDeclaration] = { [] }
    ) {
        let location = CallSite(fileID: fileID, line: line)
        declaration = .events(of: event, "NeverFires", 0, "", at: location, conditions())
    }

    /// Expects no event whose type's name fits a pattern, or whose own name does, as that of a `NamedEvent`.
    public init(named pattern: String, fileID: String = #fileID, line: Int = #line) {
        let location = CallSite(fileID: fileID, line: line)
        declaration = .events(named: pattern, "NeverFires", 0, "", at: location)
    }
}

extension FireCount {
    /// The count as an argument, where it is not the default.
    fileprivate var argument: String { self == .atLeast(1) ? "" : ", times: \(self)" }
}
