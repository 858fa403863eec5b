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

    /// Calls a closure with the event, which is not copied for it.
    @inlinable
    func withEvent<Event: MatchableEvent, Result>(
        as type: Event.Type,
        _ body: (Event) throws -> Result
    ) rethrows -> Result {
        // Sound: a structure of one field lies in memory as the field does.
        try HeldEvent.call(body, with: pointer.assumingMemoryBound(to: HeldEvent<Event>.self).pointee)
    }

    /// The event, boxed.
    var event: any MatchableEvent { box(eventType) }

    private func box<Event: MatchableEvent>(_ type: Event.Type) -> any MatchableEvent { event(as: type) }
}

/// An event that can't be copied, and so is lent: what a pointer points at, the compiler would copy for a call, which for an event
/// with five strings takes as long as everything else in a fire.
@usableFromInline
struct HeldEvent<Event: MatchableEvent>: ~Copyable {
    @usableFromInline let event: Event

    @inlinable
    static func call<Result>(
        _ body: (Event) throws -> Result,
        with held: borrowing HeldEvent
    ) rethrows -> Result {
        try body(held.event)
    }
}
