/// A value of a key, whatever its type, with the type's own `hash` and `==`.
struct KeyValue: Hashable, @unchecked Sendable {
    // Sound: the value is only read, and keys of limits are `Sendable`.

    private let value: UnsafeRawPointer
    private let operations: HashOperations
    /// What keeps the value; nil where somebody else does.
    private let owner: OwnedValue?

    /// A value that somebody keeps meanwhile.
    init(at value: UnsafeRawPointer, _ operations: HashOperations) {
        self.value = value
        self.operations = operations
        owner = nil
    }

    private init(_ owner: OwnedValue, _ operations: HashOperations) {
        value = UnsafeRawPointer(owner.memory)
        self.operations = operations
        self.owner = owner
    }

    /// The same value, kept by a copy.
    func kept(_ layout: ValueLayout) -> KeyValue { KeyValue(OwnedValue(copying: value, layout), operations) }

    static func == (left: Self, right: Self) -> Bool { left.operations.equals(left.value, right.value) }

    func hash(into hasher: inout Hasher) { hasher.combine(operations.hash(value)) }
}

/// A copy of a value, whatever its type.
private final class OwnedValue {
    let memory: UnsafeMutableRawPointer
    private let layout: ValueLayout

    init(copying value: UnsafeRawPointer, _ layout: ValueLayout) {
        self.layout = layout
        memory = layout.allocate()
        layout.initialize(memory, from: value)
    }

    deinit {
        layout.destroy(memory)
        memory.deallocate()
    }
}
