import EventDispatch

/// A line in `expecting`: ``Fires`` or ``NeverFires``. The library's own types conform.
@_documentation(visibility: internal)
public protocol EventExpectation {
    /// The expectation as data.
    var declaration: ExpectationDeclaration { get }
}

/// An expectation as data.
@_documentation(visibility: internal)
public struct ExpectationDeclaration: Sendable {
    /// How an event stands to an expectation.
    enum Fit: Sendable {
        /// It is what is expected.
        case whole
        /// It is of the type, or of a similar name, and these conditions do not hold; fewer is nearer.
        case near([String])
        /// It has nothing to do with it.
        case none
    }

    /// The expectation as in the source.
    let source: String
    let location: CallSite
    let count: FireCount
    /// Whether its events are expected, rather than not.
    let claimsEvents: Bool
    /// The mistake in the conditions; nil without one.
    let defect: DispatchError?
    let fit: @Sendable (any MatchableEvent) -> Fit
}

extension ExpectationDeclaration {
    /// Events of a type, for which conditions hold.
    static func events<Event: MatchableEvent>(
        of type: Event.Type,
        _ word: String,
        _ count: FireCount,
        _ arguments: String,
        at location: CallSite,
        _ lines: [ClauseDeclaration]
    ) -> ExpectationDeclaration {
        var filter: Filter<Event>?
        var defect: DispatchError?
        do throws(DispatchError) { filter = try .condition(lines, at: location) } catch { defect = error }
        let condition = filter.map { " { \($0) }" } ?? ""
        let known = filter
        let source = "\(word)(\(escapingControlCharacters(Event.eventName)).self\(arguments))\(condition)"
        return ExpectationDeclaration(
            source: source,
            location: location,
            count: count,
            claimsEvents: word == "Fires",
            defect: defect ?? count.defect(in: source, at: location)
        ) { event in
            guard let event = event as? Event else { return .none }
            let failures = known?.failures(for: event) ?? []
            return failures.isEmpty ? .whole : .near(failures)
        }
    }

    /// Events whose types' names, or whose own names, fit a pattern.
    static func events(
        named pattern: String,
        _ word: String,
        _ count: FireCount,
        _ arguments: String,
        at location: CallSite
    ) -> ExpectationDeclaration {
        let names = NamePatternMatcher(pattern)
        let source = "\(word)(named: \"\(escapingControlCharacters(pattern))\"\(arguments))"
        let patternDefect = names.problem.map { problem in
            DispatchError(
                code: .invalidPattern,
                message: "the pattern \"\(pattern)\" is refused: \(problem)",
                location: location
            )
        }
        return ExpectationDeclaration(
            source: source,
            location: location,
            count: count,
            claimsEvents: word == "Fires",
            defect: patternDefect ?? count.defect(in: source, at: location)
        ) { event in
            let ownName = (event as? any EventWithOwnName)?.name
            let typeName = type(of: event).eventName
            if names.matches(typeName) || ownName.map(names.matches) ?? false { return .whole }
            return .near(["its name is \(escapingControlCharacters(ownName ?? typeName))"])
        }
    }
}

extension FireCount {
    /// The mistake in the count of an expectation; nil without one.
    fileprivate func defect(in source: String, at location: CallSite) -> DispatchError? {
        problem.map { DispatchError(code: .invalidLimit, message: "\(source) is refused: \($0)", location: location) }
    }
}
