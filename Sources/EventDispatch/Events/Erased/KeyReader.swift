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
