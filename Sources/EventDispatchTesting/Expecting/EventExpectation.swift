import EventDispatch

/// A line in `expecting`: ``Fires`` or ``NeverFires``. The library's own types conform.
public protocol EventExpectation {
    /// What is expected.
    var declaration: ExpectationDeclaration { get }
}

/// What an expectation expects, as data.
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
    /// What is wrong with the conditions, if anything is.
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
        return ExpectationDeclaration(
            source: "\(word)(\(escapingControlCharacters(Event.eventName)).self\(arguments))\(condition)",
            location: location,
            count: count,
            claimsEvents: word == "Fires",
            defect: defect
        ) { event in
            guard let event = event as? Event else { return .none }
            let failures = known?.failures(for: event) ?? []
            return failures.isEmpty ? .whole : .near(failures)
        }
    }

    /// Events of types whose names fit a pattern.
    static func events(
        named pattern: String,
        _ word: String,
        _ count: FireCount,
        _ arguments: String,
        at location: CallSite
    ) -> ExpectationDeclaration {
        let names = NamePatternMatcher(pattern)
        return ExpectationDeclaration(
            source: "\(word)(named: \"\(escapingControlCharacters(pattern))\"\(arguments))",
            location: location,
            count: count,
            claimsEvents: word == "Fires",
            defect: names.problem.map { problem in
                DispatchError(invalidPattern: "the pattern \"\(pattern)\" is refused: \(problem)", at: location)
            }
        ) { event in
            let name = type(of: event).eventName
            return names.matches(name) ? .whole : .near(["its name is \(escapingControlCharacters(name))"])
        }
    }
}
