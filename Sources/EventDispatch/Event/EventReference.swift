/// The event of a fire, whatever its type: what the engine, which is not generic, passes to the closures that were made where
/// the type was known.
///
/// Generic code that is not specialised for a type looks its metadata up at every step; measured, that made a fire with one
/// handler thirty times as slow.
@usableFromInline
struct EventReference: @unchecked Sendable {
    // Sound: the pointer is to an event, which is `Sendable` and never changed, and the fire that made the reference keeps the
    // event in place until it is over. Whoever may go on longer, a handler with a time-out, gets a reference to a copy.
    @usableFromInline let pointer: UnsafeRawPointer
    /// The event's type.
    @usableFromInline let eventType: any MatchableEvent.Type

    @inlinable
    init<Event: MatchableEvent>(_ pointer: UnsafePointer<Event>) {
        self.pointer = UnsafeRawPointer(pointer)
        eventType = Event.self
    }

    /// The event. The type has to be the one that it was fired with: tables are kept by type, so a handler never meets
    /// another.
    @inlinable
    func event<Event: MatchableEvent>(as type: Event.Type) -> Event {
        pointer.assumingMemoryBound(to: Event.self).pointee
    }

    /// The event, boxed.
    var event: any MatchableEvent { box(eventType) }

    private func box<Event: MatchableEvent>(_ type: Event.Type) -> any MatchableEvent { event(as: type) }
}
