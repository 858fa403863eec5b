/// The starts that a limit counts.
public enum LimitCounting: Hashable, Sendable {
    /// Every start, however it ends.
    case starts
    /// Starts that succeed. A start that fails is given back.
    case successes
}

/// A limit as it was declared.
@_documentation(visibility: internal)
public final class LimitDeclaration: Sendable {
    /// What the limit counts.
    enum Kind: Sendable {
        case starts(Int, LimitCounting)
        case startsPerKey(Int, EventKeyMaker, capacity: Int)
        case startsWithin(Int, Duration, per: EventKeyMaker?, capacity: Int)
        case changes(of: EventKeyMaker, per: EventKeyMaker?, capacity: Int)
    }

    private let kind: Kind
    private let location: CallSite

    init(_ kind: Kind, at location: CallSite) {
        self.kind = kind
        self.location = location
    }

    /// The limit's counter, or what is wrong with the declaration.
    func limit(of subject: String, on clock: any Clock<Duration>) throws(DispatchError) -> HandlerLimit {
        if let defect {
            throw DispatchError(
                code: .invalidLimit,
                message: "the \(defect.part) of \(subject) is \(defect.value)",
                location: location
            )
        }
        return switch kind {
        case .starts(let count, .starts): StartLimit(count)
        case .starts(let count, .successes): SuccessLimit(count)
        case .startsPerKey(let count, let key, let capacity): KeyLimit(count, per: key.make(), capacity: capacity)
        case .startsWithin(let count, let span, let key, let capacity):
            WindowLimit(count, within: span, on: clock, per: key?.make(), capacity: capacity)
        case .changes(let key, let group, let capacity):
            DuplicateLimit(of: key.make(), per: group?.make(), capacity: capacity)
        }
    }

    private var defect: (part: String, value: String)? {
        switch kind {
        case .starts(let count, _), .startsPerKey(let count, _, _), .startsWithin(let count, _, _, _):
            if count < 1 { return ("limit", "\(count); the least is 1") }
        case .changes: break
        }
        switch kind {
        case .startsPerKey(_, _, let capacity) where capacity < 1,
            .startsWithin(_, _, _, let capacity) where capacity < 1:
            return ("capacity of the limit", "\(capacity); the least is 1")
        case .changes(_, _, let capacity) where capacity < 1:
            return ("capacity for the last values", "\(capacity); the least is 1")
        case .startsWithin(_, let span, _, _) where span <= .zero:
            return ("span of the limit", "\(span); it has to be positive")
        default: return nil
        }
    }
}

/// A limit of a handler, and whether it shares it with the others of a block.
struct PlannedLimit: Sendable {
    let limit: HandlerLimit
    /// The block whose limit it is; nil for the handler's own.
    let block: LimitedBlock?

    /// Whether the limit counts events rather than starts: one claim serves all handlers of the block.
    var isOfBlock: Bool { block != nil }
}

/// A block with a limit, which its handlers share. The index keeps here which of them is the first that is left.
final class LimitedBlock: @unchecked Sendable {
    // Sound: only touched under the registry's lock.

    var firstHandler: Unmanaged<Refusable>?
}
