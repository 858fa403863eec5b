import CEventDispatch

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
        EventSelection("\(description) named \"\(pattern.text)\"", problem: pattern.problem) { pattern.matches($0) }
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

/// Which types of event an `OnAny(conformingTo:)` is for: asked of the type, as it is for all that decides which handlers an event
/// reaches.
enum Conformance: Sendable {
    case all
    /// Those whose metatype is of a type: `any AuditEvent.Type`, or that of a class.
    case metatypes(of: Any.Type)
    /// It can't be asked of a type, only of an event.
    case unknown

    init<Base>(to base: Base.Type) {
        if base == (any MatchableEvent).self {
            self = .all
        } else if base is AnyClass {
            self = .metatypes(of: Base.Type.self)
        } else if let metatype = Self.existentialMetatype(of: base) {
            self = .metatypes(of: metatype)
        } else {
            self = .unknown
        }
    }

    /// Whether events of a type can be cast; nil where that is not known.
    func holds(for event: any MatchableEvent.Type) -> Bool? {
        switch self {
        case .all: true
        case .metatypes(let metatype): Self.is(event, of: metatype)
        case .unknown: nil
        }
    }

    private static func `is`(_ event: any MatchableEvent.Type, of metatype: Any.Type) -> Bool {
        func isOf<Metatype>(_: Metatype.Type) -> Bool { event is Metatype }
        return isOf(metatype)
    }

    /// `any P.Type` for `any P`; nil for other types, and for protocols with parameters, `any P<Int>`.
    ///
    /// Generic code has no name for it: where `Base` is `any P`, `Base.Type` is `(any P).Type`, whose only value is `(any P).self`.
    private static func existentialMetatype(of base: Any.Type) -> Any.Type? {
        // Sound: metadata begins with its kind, and the kind of `any P` is 0x303, in all versions of the runtime. A metatype is the
        // address of the metadata.
        let metadata = unsafeBitCast(base, to: UnsafeRawPointer.self)
        guard metadata.load(as: UInt.self) == 0x303 else { return nil }
        return unsafeBitCast(ed_existential_metatype(metadata), to: Any.Type.self)
    }
}

/// What handlers of any event have to know of a type of event. To find it out calls users' code, so it is done once and under no
/// lock.
final class EventTypeFacts: Sendable {
    let name: String
    /// The phase that handlers outside any `Phase` run in.
    let mainPhase: PhaseInfo

    private init<Event: MatchableEvent>(_ event: Event.Type) {
        name = Event.eventName
        mainPhase = .main(of: event)
    }

    /// What is known of a type that was asked about before; nil for another.
    static func known(of event: any MatchableEvent.Type) -> EventTypeFacts? {
        eventTypeFacts.withLock { $0[ObjectIdentifier(event)] }
    }

    /// What there is to know of a type.
    static func of(_ event: any MatchableEvent.Type) -> EventTypeFacts {
        if let known = known(of: event) { return known }
        let facts = make(event)
        eventTypeFacts.withLock { $0[ObjectIdentifier(event)] = facts }
        return facts
    }

    private static func make<Event: MatchableEvent>(_ event: Event.Type) -> EventTypeFacts { EventTypeFacts(event) }
}

private let eventTypeFacts = Locked<[ObjectIdentifier: EventTypeFacts]>([:])
