/// What was taken out of the tables, to be freed when no fire can see it any more.
enum Retired: @unchecked Sendable {
    // Sound: what is retired has no owner left but the list of what is retired.

    case memory(UnsafeMutableRawPointer)
    case node(UnsafeMutablePointer<ValueNode>, ValueLayout?)
    case rangedNode(UnsafeMutablePointer<RangedNode>, ValueLayout?)
    case threshold(UnsafeMutablePointer<ThresholdNode>, ValueLayout)
    case handler(RegisteredHandler)
    case anyEventHandler(AnyEventHandler)
    /// A subscription that another has replaced: fires that see the version before find its handlers in the tables until now.
    case replaced(EventSubscription)
    /// A task that waits for the moment.
    case waiter(CheckedContinuation<Void, Never>)

    func free() {
        switch self {
        case .memory(let memory): memory.deallocate()
        case .node(let node, let layout): ValueNode.free(node, layout)
        case .rangedNode(let node, let layout): RangedNode.free(node, layout)
        case .threshold(let node, let layout): ThresholdNode.free(node, layout)
        case .handler, .anyEventHandler: break
        case .replaced(let subscription): subscription.registrar?.remove(subscription)
        case .waiter(let continuation): continuation.resume()
        }
    }
}
