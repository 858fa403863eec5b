/// Keeps an event in place as long as anybody needs it: across the suspensions of a fire, and beyond it for a handler that
/// overran its time-out.
final class EventStorage: @unchecked Sendable {
    // Sound: the memory is written in `init`, freed in `deinit`, and only read between.
    private let memory: UnsafeMutableRawPointer
    let reference: EventReference

    init<Event: MatchableEvent>(_ event: Event) {
        let pointer = UnsafeMutablePointer<Event>.allocate(capacity: 1)
        pointer.initialize(to: event)
        memory = UnsafeMutableRawPointer(pointer)
        reference = EventReference(pointer)
    }

    deinit { free(reference.eventType) }

    private func free<Event: MatchableEvent>(_ type: Event.Type) {
        let pointer = memory.assumingMemoryBound(to: Event.self)
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }
}
