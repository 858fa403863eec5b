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
