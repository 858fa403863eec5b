/// A limit as it was declared.
final class LimitDeclaration: Sendable {
    let count: Int
    let location: CallSite
    /// The capacity of a limit per key.
    let capacity: Int?
    /// Makes the limit's counter, once the declaration is checked.
    let makeLimit: @Sendable () -> any FireLimit

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
        per key: KeySource,
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
    func limit(of subject: String) throws(DispatchError) -> any FireLimit {
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
