import Synchronization

/// The tables of all types of event, which fires look up while one writer adds to them.
///
/// A table stays as long as its dispatcher, also when its last handler is gone.
struct TableDirectory: ~Copyable {
    private struct Slot: ~Copyable {
        let type = Atomic<UInt>(0)
        let table = Atomic<UnsafeRawPointer?>(nil)
    }

    private let storage = Atomic<UnsafeMutableRawPointer?>(nil)
    private static var headerSize: Int { 16 }

    deinit {
        for table in tables { Unmanaged.passUnretained(table).release() }
        storage.load(ordering: .relaxed)?.deallocate()
    }

    /// The table of a type of event.
    @inline(__always)
    func table(of event: any MatchableEvent.Type) -> Unmanaged<EventTable>? {
        guard let memory = storage.load(ordering: .acquiring) else { return nil }
        let capacity = memory.load(as: Int.self)
        let type = UInt(bitPattern: ObjectIdentifier(event))
        var index = Self.index(of: type, capacity)
        while true {
            let slot = Self.slot(index, in: memory)
            guard let table = slot.pointee.table.load(ordering: .acquiring) else { return nil }
            if slot.pointee.type.load(ordering: .relaxed) == type { return Unmanaged.fromOpaque(table) }
            index = (index &+ 1) & (capacity &- 1)
        }
    }

    /// Adds a table; for the writer.
    func add(_ table: EventTable, _ write: TableWrite) {
        let tables = tables
        let old = storage.load(ordering: .relaxed)
        if let old, tables.count * 2 < old.load(as: Int.self) {
            Self.put(Unmanaged.passRetained(table), into: old)
            return
        }
        let capacity = max(8, (old?.load(as: Int.self) ?? 0) * 2)
        let size = Self.headerSize + capacity * MemoryLayout<Slot>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        memory.storeBytes(of: capacity, as: Int.self)
        let slots = (memory + Self.headerSize).bindMemory(to: Slot.self, capacity: capacity)
        for index in 0..<capacity { (slots + index).initialize(to: Slot()) }
        for table in tables { Self.put(.passUnretained(table), into: memory) }
        Self.put(.passRetained(table), into: memory)
        storage.store(memory, ordering: .releasing)
        if let old { write.append(.memory(old)) }
    }

    /// All tables; for the writer.
    var tables: [EventTable] {
        guard let memory = storage.load(ordering: .acquiring) else { return [] }
        return (0..<memory.load(as: Int.self)).compactMap { index in
            Self.slot(index, in: memory).pointee.table.load(ordering: .relaxed).map {
                Unmanaged<EventTable>.fromOpaque($0).takeUnretainedValue()
            }
        }
    }

    private static func put(_ table: Unmanaged<EventTable>, into memory: UnsafeMutableRawPointer) {
        let capacity = memory.load(as: Int.self)
        let type = UInt(bitPattern: ObjectIdentifier(table._withUnsafeGuaranteedRef { $0.event }))
        var index = index(of: type, capacity)
        while slot(index, in: memory).pointee.table.load(ordering: .relaxed) != nil {
            index = (index &+ 1) & (capacity &- 1)
        }
        slot(index, in: memory).pointee.type.store(type, ordering: .relaxed)
        slot(index, in: memory).pointee.table.store(UnsafeRawPointer(table.toOpaque()), ordering: .releasing)
    }

    /// Metadata lies at multiples of eight or more.
    @inline(__always)
    private static func index(of type: UInt, _ capacity: Int) -> Int {
        Int(bitPattern: type >> 4 ^ type >> 12) & (capacity &- 1)
    }

    @inline(__always)
    private static func slot(_ index: Int, in memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Slot> {
        (memory + headerSize).assumingMemoryBound(to: Slot.self) + index
    }
}
