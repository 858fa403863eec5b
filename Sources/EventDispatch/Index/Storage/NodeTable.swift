import Synchronization

/// A hash table of nodes, which one writer changes while any number of fires look things up.
///
/// Open addressing: a slot holds a node's hash and the node. A removed node leaves a mark behind, so that what stands after it
/// is still found. When there is no room, the slots, but not the nodes, move to new memory; so a change takes constant time
/// on average.
struct NodeTable<Terms: FilingConditions>: ~Copyable {
    typealias Node = TableNode<Terms>

    private typealias Header = NodeTableHeader
    private typealias Slot = NodeTableSlot

    private static var leftBehind: UInt { 1 }
    private static var smallestCapacity: Int { 8 }

    private let storage = Atomic<UnsafeMutableRawPointer?>(nil)

    deinit { storage.load(ordering: .relaxed)?.deallocate() }

    /// How many nodes there are; for the writer.
    var count: Int { header?.pointee.live.load(ordering: .relaxed) ?? 0 }

    /// How much memory it and its nodes take, in bytes, with values of a layout; for the writer.
    func byteCount(_ layout: ValueLayout) -> Int {
        guard let header else { return 0 }
        var sum = MemoryLayout<Header>.stride + header.pointee.capacity * MemoryLayout<Slot>.stride
        forEach { sum += MemoryLayout<Node>.stride + layout.size + $0.pointee.filedHandlers.byteCount }
        return sum
    }

    /// Finds a node by its hash. The closures are called as few times as can be: the hash not at all where there are so few
    /// nodes that comparing with each is faster.
    @inline(__always)
    func find(
        hash: () -> Int,
        where isRight: (UnsafeMutablePointer<Node>) -> Bool
    ) -> UnsafeMutablePointer<Node>? {
        guard let header else { return nil }
        let slots = Self.slots(of: header)
        let capacity = header.pointee.capacity
        if capacity == Self.smallestCapacity {
            for index in 0..<capacity {
                let address = slots[index].node.load(ordering: .acquiring)
                if address > Self.leftBehind, isRight(Self.node(at: address)) { return Self.node(at: address) }
            }
            return nil
        }
        let hash = hash()
        var index = Self.index(of: hash, capacity)
        while true {
            let address = slots[index].node.load(ordering: .acquiring)
            if address == 0 { return nil }
            if address > Self.leftBehind, slots[index].hash.load(ordering: .relaxed) == hash,
                isRight(Self.node(at: address))
            {
                return Self.node(at: address)
            }
            index = (index &+ 1) & (capacity &- 1)
        }
    }

    /// Adds a node.
    func insert(_ node: UnsafeMutablePointer<Node>, _ write: TableWrite) {
        let header = headerWithRoom(write)
        if Self.put(node, into: header) { header.pointee.used.wrappingAdd(1, ordering: .relaxed) }
        header.pointee.live.wrappingAdd(1, ordering: .relaxed)
    }

    /// Takes a node out, which the caller retires.
    func remove(_ node: UnsafeMutablePointer<Node>, _ write: TableWrite) {
        guard let header else { return }
        let slots = Self.slots(of: header)
        let capacity = header.pointee.capacity
        var index = Self.index(of: node.pointee.hash, capacity)
        while slots[index].node.load(ordering: .relaxed) != UInt(bitPattern: node) {
            index = (index &+ 1) & (capacity &- 1)
        }
        let left = header.pointee.live.wrappingSubtract(1, ordering: .relaxed).newValue
        let next = slots[(index &+ 1) & (capacity &- 1)].node.load(ordering: .relaxed)
        if next == 0 { header.pointee.used.wrappingSubtract(1, ordering: .relaxed) }
        slots[index].node.store(next == 0 ? 0 : Self.leftBehind, ordering: .releasing)
        if left == 0 {
            storage.store(nil, ordering: .releasing)
            write.append(.memory(UnsafeMutableRawPointer(header)))
        } else if capacity > Self.smallestCapacity, left < capacity / 8 {
            _ = move(to: Self.capacity(for: left), write)
        }
    }

    /// Calls a closure with each node; for the writer.
    func forEach(_ body: (UnsafeMutablePointer<Node>) -> Void) {
        guard let header else { return }
        let slots = Self.slots(of: header)
        for index in 0..<header.pointee.capacity {
            let address = slots[index].node.load(ordering: .relaxed)
            if address > Self.leftBehind { body(Self.node(at: address)) }
        }
    }

    private var header: UnsafeMutablePointer<Header>? {
        @inline(__always) get {
            storage.load(ordering: .acquiring)?.assumingMemoryBound(to: Header.self)
        }
    }

    @inline(__always)
    private static func slots(of header: UnsafeMutablePointer<Header>) -> UnsafeMutablePointer<Slot> {
        (UnsafeMutableRawPointer(header) + MemoryLayout<Header>.stride).assumingMemoryBound(to: Slot.self)
    }

    @inline(__always)
    private static func node(at address: UInt) -> UnsafeMutablePointer<Node> {
        UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
    }

    @inline(__always)
    private static func index(of hash: Int, _ capacity: Int) -> Int { hash & (capacity &- 1) }

    /// Puts a node into the first slot that can take it. Returns whether that was empty.
    private static func put(
        _ node: UnsafeMutablePointer<Node>,
        into header: UnsafeMutablePointer<Header>
    ) -> Bool {
        let slots = slots(of: header)
        let capacity = header.pointee.capacity
        var index = index(of: node.pointee.hash, capacity)
        while slots[index].node.load(ordering: .relaxed) > leftBehind { index = (index &+ 1) & (capacity &- 1) }
        let wasEmpty = slots[index].node.load(ordering: .relaxed) == 0
        slots[index].hash.store(node.pointee.hash, ordering: .relaxed)
        slots[index].node.store(UInt(bitPattern: node), ordering: .releasing)
        return wasEmpty
    }

    private static func capacity(for live: Int) -> Int {
        var capacity = smallestCapacity
        while live * 2 > capacity { capacity *= 2 }
        return capacity
    }

    private func headerWithRoom(_ write: TableWrite) -> UnsafeMutablePointer<Header> {
        guard let header else { return move(to: Self.smallestCapacity, write) }
        if (header.pointee.used.load(ordering: .relaxed) + 1) * 8 <= header.pointee.capacity * 5 { return header }
        return move(to: Self.capacity(for: header.pointee.live.load(ordering: .relaxed) + 1), write)
    }

    /// Moves the slots to memory of another capacity.
    private func move(to capacity: Int, _ write: TableWrite) -> UnsafeMutablePointer<Header> {
        let byteCount = MemoryLayout<Header>.stride + capacity * MemoryLayout<Slot>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
        let new = memory.bindMemory(to: Header.self, capacity: 1)
        new.initialize(to: Header(capacity: capacity))
        let slots = (memory + MemoryLayout<Header>.stride).bindMemory(to: Slot.self, capacity: capacity)
        for index in 0..<capacity { (slots + index).initialize(to: Slot()) }
        forEach { node in
            if Self.put(node, into: new) { new.pointee.used.wrappingAdd(1, ordering: .relaxed) }
            new.pointee.live.wrappingAdd(1, ordering: .relaxed)
        }
        if let header { write.append(.memory(UnsafeMutableRawPointer(header))) }
        storage.store(memory, ordering: .releasing)
        return new
    }
}

/// The head of a table in memory, before its slots.
struct NodeTableHeader: ~Copyable {
    /// A power of two.
    let capacity: Int

    // For the writer, and atomic all the same: to change a plain member is an exclusive access to the whole header, which fires
    // read meanwhile.

    let live = Atomic(0)
    /// Slots that are not empty, those that were left included.
    let used = Atomic(0)

    init(capacity: Int) { self.capacity = capacity }
}

/// A place for a node in a table.
struct NodeTableSlot: ~Copyable {
    let hash = Atomic(0)
    /// The node's address; 0 where nothing ever stood, 1 where something was removed.
    let node = Atomic<UInt>(0)
}

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
