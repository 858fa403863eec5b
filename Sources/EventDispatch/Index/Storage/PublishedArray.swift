import Synchronization

/// A short array of plain values that one writer replaces while any number of fires read it.
struct PublishedArray<Element: BitwiseCopyable>: ~Copyable {
    private let storage = Atomic<UnsafeMutableRawPointer?>(nil)
    private static var headerSize: Int { 16 }

    deinit { storage.load(ordering: .relaxed)?.deallocate() }

    /// The elements, as they are now.
    @inline(__always)
    var elements: UnsafeBufferPointer<Element> {
        guard let memory = storage.load(ordering: .acquiring) else { return UnsafeBufferPointer(start: nil, count: 0) }
        let start = (memory + Self.headerSize).assumingMemoryBound(to: Element.self)
        return UnsafeBufferPointer(start: start, count: memory.load(as: Int.self))
    }

    @inline(__always)
    var count: Int { storage.load(ordering: .acquiring)?.load(as: Int.self) ?? 0 }

    @inline(__always)
    subscript(index: Int) -> Element { elements[index] }

    /// Replaces the elements; for the writer.
    func replace(with new: [Element], _ write: TableWrite) {
        let old = storage.load(ordering: .relaxed)
        if new.isEmpty {
            storage.store(nil, ordering: .releasing)
        } else {
            let size = Self.headerSize + new.count * MemoryLayout<Element>.stride
            let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            memory.storeBytes(of: new.count, as: Int.self)
            (memory + Self.headerSize).bindMemory(to: Element.self, capacity: new.count)
                .initialize(from: new, count: new.count)
            storage.store(memory, ordering: .releasing)
        }
        if let old { write.append(.memory(old)) }
    }

    func append(_ element: Element, _ write: TableWrite) { replace(with: elements + [element], write) }
}
