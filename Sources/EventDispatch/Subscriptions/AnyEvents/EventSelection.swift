import CEventDispatch

/// Which types of event the handlers of an ``OnAny`` are for, by their names.
struct EventSelection: Sendable, CustomStringConvertible {
    let description: String
    /// Nil for all types.
    private let pattern: NamePattern?

    /// The types whose names fit a pattern, or all.
    init(named pattern: String?, _ description: String) {
        self.pattern = pattern.map(NamePattern.init)
        self.description = pattern.map { "\(description) named \"\($0)\"" } ?? description
    }

    /// The defect of the pattern, if it has one.
    var problem: String? { pattern?.problem }

    /// Whether a type of a name is selected.
    func selects(_ name: String) -> Bool { pattern?.matches(name) ?? true }
}

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
