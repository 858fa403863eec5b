import Synchronization

/// The slots of a hash table of nodes, or of a part of one: memory that one writer changes while any number of fires look things up.
///
/// Open addressing: a slot holds a node's hash and the node. A removed node leaves a mark behind, so that what stands after it
/// is still found. The number of slots is fixed; where there is no room, the table puts the nodes into others.
struct NodeSlots<Terms: FilingConditions> {
    typealias Node = TableNode<Terms>

    private let header: UnsafeMutablePointer<NodeSlotsHeader>
    private let slots: UnsafeMutablePointer<NodeSlot>

    private static var leftBehind: UInt { 1 }
    static var smallestCapacity: Int { 8 }

    /// Those that lie at an address.
    @inline(__always)
    init(at memory: UnsafeMutableRawPointer) {
        header = memory.assumingMemoryBound(to: NodeSlotsHeader.self)
        slots = (memory + MemoryLayout<NodeSlotsHeader>.stride).assumingMemoryBound(to: NodeSlot.self)
    }

    /// Empty slots, of which so many nodes take half at the most.
    ///
    /// - Parameter depth: how many bits the hashes in this part of the table have in common.
    init(roomFor count: Int, depth: Int) {
        let capacity = Self.capacity(for: count)
        let byteCount = MemoryLayout<NodeSlotsHeader>.stride + capacity * MemoryLayout<NodeSlot>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
        header = memory.bindMemory(to: NodeSlotsHeader.self, capacity: 1)
        header.initialize(to: NodeSlotsHeader(capacity: capacity, depth: depth))
        slots = (memory + MemoryLayout<NodeSlotsHeader>.stride).bindMemory(to: NodeSlot.self, capacity: capacity)
        for index in 0..<capacity { (slots + index).initialize(to: NodeSlot()) }
    }

    var memory: UnsafeMutableRawPointer { UnsafeMutableRawPointer(header) }

    var capacity: Int { header.pointee.capacity }

    /// How many bits the hashes have in common.
    var depth: Int { header.pointee.depth }

    /// How many nodes there are; for the writer.
    var count: Int { header.pointee.live.load(ordering: .relaxed) }

    /// Whether another node finds room.
    var hasRoom: Bool { (header.pointee.used.load(ordering: .relaxed) + 1) * 8 <= capacity * 5 }

    var byteCount: Int { MemoryLayout<NodeSlotsHeader>.stride + capacity * MemoryLayout<NodeSlot>.stride }

    /// Finds a node by its hash.
    @inline(__always)
    func find(_ hash: Int, where isRight: (UnsafeMutablePointer<Node>) -> Bool) -> UnsafeMutablePointer<Node>? {
        var index = index(of: hash)
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

    /// Finds a node by comparing all of them.
    @inline(__always)
    func find(where isRight: (UnsafeMutablePointer<Node>) -> Bool) -> UnsafeMutablePointer<Node>? {
        for index in 0..<capacity {
            let address = slots[index].node.load(ordering: .acquiring)
            if address > Self.leftBehind, isRight(Self.node(at: address)) { return Self.node(at: address) }
        }
        return nil
    }

    /// Puts a node, for which there is room, into the first slot that can take it.
    func insert(_ node: UnsafeMutablePointer<Node>, _ hash: Int) {
        var index = index(of: hash)
        while slots[index].node.load(ordering: .relaxed) > Self.leftBehind {
            index = (index &+ 1) & (capacity &- 1)
        }
        if slots[index].node.load(ordering: .relaxed) == 0 {
            header.pointee.used.wrappingAdd(1, ordering: .relaxed)
        }
        header.pointee.live.wrappingAdd(1, ordering: .relaxed)
        slots[index].hash.store(hash, ordering: .relaxed)
        slots[index].node.store(UInt(bitPattern: node), ordering: .releasing)
    }

    /// Takes a node out.
    func remove(_ node: UnsafeMutablePointer<Node>) {
        var index = index(of: node.pointee.hash)
        while slots[index].node.load(ordering: .relaxed) != UInt(bitPattern: node) {
            index = (index &+ 1) & (capacity &- 1)
        }
        header.pointee.live.wrappingSubtract(1, ordering: .relaxed)
        let next = slots[(index &+ 1) & (capacity &- 1)].node.load(ordering: .relaxed)
        if next == 0 { header.pointee.used.wrappingSubtract(1, ordering: .relaxed) }
        slots[index].node.store(next == 0 ? 0 : Self.leftBehind, ordering: .releasing)
    }

    /// Calls a closure with each node and its hash; for the writer.
    func forEach(_ body: (UnsafeMutablePointer<Node>, Int) -> Void) {
        for index in 0..<capacity {
            let address = slots[index].node.load(ordering: .relaxed)
            if address > Self.leftBehind { body(Self.node(at: address), slots[index].hash.load(ordering: .relaxed)) }
        }
    }

    /// How many slots so many nodes need.
    static func capacity(for count: Int) -> Int {
        var capacity = smallestCapacity
        while count * 2 > capacity { capacity *= 2 }
        return capacity
    }

    @inline(__always)
    private func index(of hash: Int) -> Int { hash & (capacity &- 1) }

    @inline(__always)
    private static func node(at address: UInt) -> UnsafeMutablePointer<Node> {
        UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
    }
}

/// What stands before the slots in memory.
struct NodeSlotsHeader: ~Copyable {
    /// A power of two.
    let capacity: Int
    let depth: Int

    // For the writer, and atomic all the same: to change a plain member is an exclusive access to the whole header, which fires
    // read meanwhile.

    let live = Atomic(0)
    /// Slots that are not empty, those that were left included.
    let used = Atomic(0)

    init(capacity: Int, depth: Int) {
        self.capacity = capacity
        self.depth = depth
    }
}

/// A place for a node.
struct NodeSlot: ~Copyable {
    let hash = Atomic(0)
    /// The node's address; 0 where nothing ever stood, 1 where something was removed.
    let node = Atomic<UInt>(0)
}
