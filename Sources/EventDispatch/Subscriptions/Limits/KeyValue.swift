/// A match key, and how its values are hashed and compared: by it, what belongs to a handler is kept for each value.
final class EventKey: Sendable {
    private let reader: KeyReader
    private let operations: KeyOperations

    init(_ reader: KeyReader, _ operations: HashOperations) {
        self.reader = reader
        self.operations = KeyOperations(operations, reader.layout)
    }

    /// Calls a closure with the value of an event.
    func withValue<Result>(of event: EventReference, _ body: (KeyValue) -> Result) -> Result {
        Unmanaged.passUnretained(reader)._withUnsafeGuaranteedRef { reader in
            reader.withValue(of: event) { body(KeyValue(at: $0, operations)) }
        }
    }
}

/// A match key as a modifier names it; how its values are hashed is made once the declaration is checked.
@usableFromInline
struct EventKeyMaker: Sendable {
    let reader: KeyReader
    let operations: HashOperationsMaker

    @usableFromInline
    init<Event: MatchableEvent, Value>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        by operations: HashOperationsMaker
    ) {
        reader = KeyReader.of(MatchKey(named: key))
        self.operations = operations
    }

    func make() -> EventKey { EventKey(reader, operations.make()) }
}

/// How the values of a key are hashed, compared and kept, for values to point at.
final class KeyOperations: Sendable {
    fileprivate let hashing: HashOperations
    fileprivate let layout: ValueLayout

    init(_ hashing: HashOperations, _ layout: ValueLayout) {
        self.hashing = hashing
        self.layout = layout
    }
}

/// A value of a key, whatever its type, with the type's own `hash` and `==`. Somebody else keeps it, and its operations.
struct KeyValue: Equatable, @unchecked Sendable {
    // Sound: the value is only read, and keys of limits are `Sendable`.

    fileprivate let value: UnsafeRawPointer
    private let operations: Unmanaged<KeyOperations>

    init(at value: UnsafeRawPointer, _ operations: KeyOperations) {
        self.value = value
        self.operations = .passUnretained(operations)
    }

    /// A copy of the value.
    var kept: KeptValue { KeptValue(copying: value, operations.takeUnretainedValue()) }

    static func == (left: Self, right: Self) -> Bool {
        left.operations._withUnsafeGuaranteedRef { $0.hashing.equals(left.value, right.value) }
    }

    /// Calls the type's own `hash`, but for texts.
    var hash: Int { operations._withUnsafeGuaranteedRef { $0.hashing.hash(value) } }
}

/// A copy of a value, whatever its type.
final class KeptValue: @unchecked Sendable {
    // Sound: as with `KeyValue`.

    let value: KeyValue
    private let operations: KeyOperations

    /// Whether another value equals it. The value points at what this object keeps.
    func equals(_ other: KeyValue) -> Bool { withExtendedLifetime(self) { value == other } }

    fileprivate init(copying original: UnsafeRawPointer, _ operations: KeyOperations) {
        self.operations = operations
        let memory = operations.layout.allocate()
        operations.layout.initialize(memory, from: original)
        value = KeyValue(at: memory, operations)
    }

    deinit {
        let memory = UnsafeMutableRawPointer(mutating: value.value)
        operations.layout.destroy(memory)
        memory.deallocate()
    }
}
