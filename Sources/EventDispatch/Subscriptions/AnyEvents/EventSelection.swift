/// Which types of event the handlers of an ``OnAny`` are for.
///
/// A type is judged by its name, once. Names and regular expressions are users' code, so no caller asks for a judgement under a
/// lock; what has been judged may be asked for anywhere.
final class EventSelection: Sendable, CustomStringConvertible {
    let description: String
    /// What is wrong with the pattern, if anything is.
    let problem: String?
    private let judge: @Sendable (String) -> Bool?
    private let verdicts = Locked<[ObjectIdentifier: Bool]>([:])

    private init(_ description: String, problem: String? = nil, _ judge: @escaping @Sendable (String) -> Bool?) {
        self.description = description
        self.problem = problem
        self.judge = judge
    }

    /// All types.
    static func all(_ description: String) -> EventSelection { EventSelection(description) { _ in true } }

    /// Types whose names fit a pattern.
    static func named(_ pattern: NamePattern, _ description: String) -> EventSelection {
        EventSelection("\(description) named \"\(pattern.source)\"", problem: pattern.problem) { pattern.matches($0) }
    }

    /// Types whose names a regular expression matches as a whole.
    static func matching<Output>(_ regex: sending Regex<Output>, _ description: String) -> EventSelection {
        let regex = TrustedRegex(regex)
        return EventSelection("\(description) whose name matches a regular expression") { regex.matches($0) }
    }

    /// Whether a type is selected; nil when it was not judged yet.
    func verdict(on event: any MatchableEvent.Type) -> Bool? { verdicts.withLock { $0[ObjectIdentifier(event)] } }

    /// Judges a type, for `verdict` to tell. Returns false, having done nothing, when called from inside a judgement of its name.
    func judge(_ event: any MatchableEvent.Type) -> Bool {
        guard let verdict = judge(EventTypeFacts.of(event).name) else { return false }
        verdicts.withLock { $0[ObjectIdentifier(event)] = verdict }
        return true
    }
}

/// A regular expression that is asked by one thread at a time, because its custom parts need not stand more.
private final class TrustedRegex<Output>: @unchecked Sendable {
    // Sound: nobody else has the expression, and both are only touched under `trustedRegexLock`.
    private let regex: Regex<Output>
    /// What the thread that has the lock is matching: more than one text, when custom parts of the expression fire events.
    private var texts: Set<String> = []

    init(_ regex: sending Regex<Output>) { self.regex = regex }

    /// Whether the whole of a text matches; nil when asked from inside of matching it.
    func matches(_ text: String) -> Bool? {
        if trustedRegexLock.isInside { return match(text) }
        return trustedRegexLock.withLock { match(text) } ?? nil
    }

    private func match(_ text: String) -> Bool? {
        guard texts.insert(text).inserted else { return nil }
        defer { texts.remove(text) }
        return (try? regex.wholeMatch(in: text)) ?? nil != nil
    }
}

/// One for all expressions: custom parts that fire events lead from one expression to another, in any order.
private let trustedRegexLock = ReentryLock()
