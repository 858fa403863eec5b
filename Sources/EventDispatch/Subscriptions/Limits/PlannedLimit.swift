/// A limit of a handler, and whether it shares it with the others of a block.
struct PlannedLimit: Sendable {
    let limit: any FireLimit
    /// The block whose limit it is; nil for the handler's own.
    let block: LimitedBlock?

    /// Whether the limit counts events rather than starts: one claim serves all handlers of the block.
    var isOfBlock: Bool { block != nil }
}

/// A block with a limit: the handlers in it, which stand next to each other among those of their subscription.
final class LimitedBlock: @unchecked Sendable {
    // Sound: only touched under the registry's lock.

    /// The first handler that is left.
    private(set) unowned(unsafe) var first: RegisteredHandler?

    /// Notes a handler that was registered, after the others of the block.
    func add(_ handler: RegisteredHandler) {
        if first == nil { first = handler }
    }

    /// Notes that a handler is about to be taken out of its subscription.
    func remove(_ handler: RegisteredHandler) {
        guard first === handler else { return }
        let next = handler[linksIn: .subscription].next
        first = next.flatMap { $0.limits.contains { $0.block === self } ? $0 : nil }
    }
}
