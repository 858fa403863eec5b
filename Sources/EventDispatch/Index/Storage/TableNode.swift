import Synchronization

/// A value that filters name, and the handlers that are filed under it.
///
/// The value stands behind the node in memory; its type is known to the table only.
struct TableNode<Terms: FilingConditions>: ~Copyable {
    let hash: Int
    let filedHandlers: FiledHandlers<Terms>

    // For the writer, and atomic all the same: to change a plain member is an exclusive access to the whole node, which fires
    // read meanwhile.

    /// How many conditions of handlers name the value, those that are not filed under it included.
    let mentions = Atomic(0)
    private let keptCondition = Atomic<UnsafeMutableRawPointer?>(nil)

    private init(hash: Int, _ filed: (RegisteredHandler, Terms)?) {
        self.hash = hash
        filedHandlers = FiledHandlers(filed)
    }

    /// The condition that names the value, shared by the filters that have it. For the writer.
    var condition: Unmanaged<Condition>? { keptCondition.load(ordering: .relaxed).map { Unmanaged.fromOpaque($0) } }

    /// Keeps the condition that names the value, and returns the one that was kept before. For the writer.
    func keep(_ condition: Condition) -> Condition? {
        let old = self.condition
        keptCondition.store(Unmanaged.passRetained(condition).toOpaque(), ordering: .relaxed)
        return old?.takeRetainedValue()
    }

    /// Makes a node with a copy of a value, where a handler may be filed from the beginning.
    static func make(
        hash: Int,
        _ value: UnsafeRawPointer,
        _ layout: ValueLayout,
        filing filed: (RegisteredHandler, Terms)? = nil
    ) -> UnsafeMutablePointer<TableNode> {
        let size = MemoryLayout<TableNode>.stride
        let alignment = max(MemoryLayout<TableNode>.alignment, layout.alignment)
        let offset = layout.offset(after: size)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: offset + layout.size, alignment: alignment)
        layout.initialize(memory + offset, from: value)
        let node = memory.bindMemory(to: TableNode.self, capacity: 1)
        node.initialize(to: TableNode(hash: hash, filed))
        return node
    }

    /// The value of a node.
    @inline(__always)
    static func value(of node: UnsafeMutablePointer<TableNode>, alignment: Int) -> UnsafeMutableRawPointer {
        let offset = (MemoryLayout<TableNode>.stride + alignment - 1) & ~(alignment - 1)
        return UnsafeMutableRawPointer(node) + offset
    }

    /// Lets go of a node, its value, and its memory.
    static func free(_ node: UnsafeMutablePointer<TableNode>, _ layout: ValueLayout?) {
        if let layout { layout.destroy(value(of: node, alignment: layout.alignment)) }
        node.pointee.condition?.release()
        node.deinitialize(count: 1)
        UnsafeMutableRawPointer(node).deallocate()
    }
}

/// The node of a value that a key may equal or contain, or of a text.
typealias ValueNode = TableNode<FilingTerms>

/// The node of a cell in a grid of intervals.
typealias RangedNode = TableNode<RangedTerms>
