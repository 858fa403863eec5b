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

extension UnsafeMutablePointer where Pointee: MatchableEvent {
    /// Memory that holds an event, until `free()`.
    @inlinable
    init(holding event: Pointee) {
        self = .allocate(capacity: 1)
        initialize(to: event)
    }

    /// Lets go of the event and of its memory.
    @inlinable
    func free() {
        deinitialize(count: 1)
        deallocate()
    }
}

/// How values of a type lie in memory, where the type is not known.
struct ValueLayout: Sendable {
    let size: Int
    let alignment: Int
    private let copy: @Sendable (UnsafeRawPointer, UnsafeMutableRawPointer) -> Void
    private let deinitialize: @Sendable (UnsafeMutableRawPointer) -> Void

    init<Value>(_ type: Value.Type) {
        size = MemoryLayout<Value>.size
        alignment = MemoryLayout<Value>.alignment
        copy = { source, target in
            target.initializeMemory(as: Value.self, to: source.assumingMemoryBound(to: Value.self).pointee)
        }
        deinitialize = { $0.assumingMemoryBound(to: Value.self).deinitialize(count: 1) }
    }

    /// Where a value can stand behind so many bytes: rounded up to the alignment of values.
    @inline(__always)
    func offset(after byteCount: Int) -> Int { (byteCount + alignment - 1) & ~(alignment - 1) }

    /// Memory for one value.
    func allocate() -> UnsafeMutableRawPointer { .allocate(byteCount: max(size, 1), alignment: alignment) }

    /// Copies a value into memory that holds none.
    func initialize(_ target: UnsafeMutableRawPointer, from source: UnsafeRawPointer) { copy(source, target) }

    /// Lets go of a value; its memory stays.
    func destroy(_ value: UnsafeMutableRawPointer) { deinitialize(value) }
}

/// A match key as the tables know it: which key it is, and how its value is read, whatever the types.
///
/// There is one at a time for each key of each type of event, so keys are compared by reference. It goes with the last filter, table
/// or limit that has it: a subscript in `MatchKeys` makes keys without end.
final class KeyReader: Sendable {
    private let identity: KeyIdentity
    /// How the key's values lie in memory.
    let layout: ValueLayout
    /// Where the value lies in the event; nil where it has to be asked for.
    ///
    /// Reading through a key path that the compiler does not know costs 33 to 48 ns, reading at a byte offset 3.5 ns. A
    /// stored property of a structure has an offset; an observed or computed property, one reached through a reference or
    /// an optional, and the properties of enumerations, classes and actors have none.
    private let offset: Int?
    private let ask: @Sendable (EventReference, UnsafeMutableRawPointer) -> Void

    private init<Event: MatchableEvent, Value>(_ key: MatchKey<Event, Value>) {
        identity = key.identity
        layout = ValueLayout(Value.self)
        offset = MemoryLayout<Event>.offset(of: key.path)
        let path = key.path
        ask = { event, target in
            event.withEvent(as: Event.self) { (event: Event) -> Void in
                target.initializeMemory(as: Value.self, to: event[keyPath: path])
            }
        }
    }

    /// Where the value lies in an event; nil where it has to be read into memory.
    @inline(__always)
    func place(in event: EventReference) -> UnsafeRawPointer? {
        // Sound: `MemoryLayout.offset(of:)` is not nil only where a value is stored inline at that offset of every event.
        offset.map { event.pointer + $0 }
    }

    /// Reads the value into memory that holds none.
    func read(_ event: EventReference, into target: UnsafeMutableRawPointer) { ask(event, target) }

    /// Calls a closure with the value of an event.
    func withValue<Result>(of event: EventReference, _ body: (UnsafeRawPointer) -> Result) -> Result {
        if let place = place(in: event) { return body(place) }
        let memory = layout.allocate()
        read(event, into: memory)
        defer {
            layout.destroy(memory)
            memory.deallocate()
        }
        return body(memory)
    }

    /// The reader of a key.
    static func of<Event: MatchableEvent, Value>(_ key: MatchKey<Event, Value>) -> KeyReader {
        let identity = key.identity
        if let known = keyReaders.withLock({ $0[identity]?.reader }) { return known }
        let reader = KeyReader(key)
        return keyReaders.withLock { readers in
            if let known = readers[identity]?.reader { return known }
            readers[identity] = WeakKeyReader(reader: reader)
            return reader
        }
    }

    deinit {
        // Another may have taken its place, and may have been held by this look only. It is freed outside the lock, as is what the
        // path holds, which may be users' objects.
        typealias Entry = (key: KeyIdentity, value: WeakKeyReader)
        let freed = keyReaders.withLock { readers -> (entry: Entry?, other: KeyReader?) in
            guard let index = readers.index(forKey: identity) else { return (nil, nil) }
            if let other = readers[index].value.reader { return (nil, other) }
            return (readers.remove(at: index), nil)
        }
        withExtendedLifetime(freed) {}
    }
}

private struct WeakKeyReader: Sendable {
    weak let reader: KeyReader?
}

private let keyReaders = Locked<[KeyIdentity: WeakKeyReader]>([:])
