/// A copy of an event, for a handler that may go on longer than the fire.
final class EventCopy: @unchecked Sendable {
    // Sound: the memory is written in `init`, freed in `deinit`, and only read between; the event is `Sendable`.
    private let memory: UnsafeMutableRawPointer
    let reference: EventReference

    init<Event: MatchableEvent>(_ event: Event) {
        let pointer = UnsafeMutablePointer(holding: event)
        memory = UnsafeMutableRawPointer(pointer)
        reference = EventReference(UnsafePointer(pointer))
    }

    /// A copy of the event of a reference.
    static func of(_ reference: EventReference) -> EventCopy { copy(reference, reference.eventType) }

    private static func copy<Event: MatchableEvent>(_ reference: EventReference, _ type: Event.Type) -> EventCopy {
        EventCopy(reference.event(as: type))
    }

    deinit { free(reference.eventType) }

    private func free<Event: MatchableEvent>(_ type: Event.Type) {
        memory.assumingMemoryBound(to: Event.self).free()
    }
}
