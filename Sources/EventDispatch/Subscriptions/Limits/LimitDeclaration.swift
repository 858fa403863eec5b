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
    let count: Int
    let location: CallSite
    /// The capacity of a limit per key.
    let capacity: Int?
    /// Makes the limit's counter, once the declaration is checked.
    let makeLimit: @Sendable () -> any HandlerLimit

    init(_ count: Int, counting: LimitCounting, location: CallSite) {
        self.count = count
        self.location = location
        capacity = nil
        makeLimit = {
            switch counting {
            case .starts: StartLimit(count)
            case .successes: SuccessLimit(count)
            }
        }
    }

    init(
        _ count: Int,
        per key: KeyReader,
        by operations: HashOperationsMaker,
        _ capacity: Int,
        _ location: CallSite
    ) {
        self.count = count
        self.location = location
        self.capacity = capacity
        makeLimit = { KeyLimit(count, per: key, by: operations.make(), capacity: capacity) }
    }

    /// The limit's counter, or what is wrong with the declaration.
    func limit(of subject: String) throws(DispatchError) -> any HandlerLimit {
        if count < 1 {
            throw DispatchError(
                code: .invalidLimit,
                message: "the limit of \(subject) is \(count); the least is 1",
                location: location
            )
        }
        if let capacity, capacity < 1 {
            throw DispatchError(
                code: .invalidLimit,
                message: "the capacity of the limit of \(subject) is \(capacity); the least is 1",
                location: location
            )
        }
        return makeLimit()
    }
}

/// A limit of a handler, and whether it shares it with the others of a block.
struct PlannedLimit: Sendable {
    let limit: any HandlerLimit
    /// The block whose limit it is; nil for the handler's own.
    let block: LimitedBlock?

    /// Whether the limit counts events rather than starts: one claim serves all handlers of the block.
    var isOfBlock: Bool { block != nil }
}

/// A block with a limit, which its handlers share. The index keeps here which of them is the first that is left.
final class LimitedBlock: @unchecked Sendable {
    // Sound: only touched under the registry's lock.

    unowned(unsafe) var firstHandler: Refusable?
}
