/// What happens to a post when the queue is full.
public enum PostPolicy: Hashable, Sendable {
    /// `post` waits for room; `postNow` is refused.
    case suspend(capacity: Int)
    /// `post` throws, and `postNow` is refused.
    case reject(capacity: Int)
    /// The oldest event in the queue gives way.
    case dropOldest(capacity: Int)

    /// How many events can wait. A capacity below 1 counts as 1.
    public var capacity: Int {
        switch self {
        case .suspend(let capacity), .reject(let capacity), .dropOldest(let capacity): max(1, capacity)
        }
    }
}
