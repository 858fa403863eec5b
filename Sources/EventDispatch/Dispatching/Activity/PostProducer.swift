/// A task that waits for room in the queue.
struct PostProducer: Sendable {
    let id: Int
    let event: any MatchableEvent
    let location: CallSite
    let continuation: CheckedContinuation<DispatchError?, Never>
}
