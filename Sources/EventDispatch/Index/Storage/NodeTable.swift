import Synchronization

/// A hash table of nodes, which one writer changes while any number of fires look things up.
///
/// It grows step by step, so that no registration waits long, however many nodes there are: a large table has parts, each for the hashes
/// that begin with the same bits. A part that is full moves to more slots, or, when it has many, splits by the next bit. A directory has
/// an entry for each beginning; a part whose hashes have fewer bits in common has several entries. It doubles when a part splits
/// that has only one.
///
/// Where hashes don't tell the values apart, splitting would not help: a part that has more than its share of the nodes only grows.
struct NodeTable<Terms: FilingConditions>: ~Copyable {
    typealias Node = TableNode<Terms>
    private typealias Slots = NodeSlots<Terms>

    /// The most slots of a part that has no more than its share: to move them takes a tenth of a millisecond.
    private static var largestPart: Int { 8_192 }

    private let storage = Atomic<UnsafeMutableRawPointer?>(nil)
    private let live = Atomic(0)

    deinit {
        guard let directory else { return }
        for slots in directory.parts { slots.memory.deallocate() }
        directory.memory.deallocate()
    }

    /// How many nodes there are; for the writer.
    var count: Int { live.load(ordering: .relaxed) }

    /// How much memory it and its nodes take, in bytes, with values of a layout; for the writer.
    func byteCount(_ layout: ValueLayout) -> Int {
        guard let directory else { return 0 }
        var sum = directory.byteCount + directory.parts.reduce(0) { $0 + $1.byteCount }
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
        guard let directory else { return nil }
        if directory.depth == 0, directory.only.capacity == Slots.smallestCapacity {
            return directory.only.find(where: isRight)
        }
        let hash = hash()
        return directory.slots(of: hash).find(hash, where: isRight)
    }

    /// Adds a node.
    func insert(_ node: UnsafeMutablePointer<Node>, _ write: TableWrite) {
        let hash = node.pointee.hash
        var slots = (directory ?? publish(Directory(of: Slots(roomFor: 1, depth: 0)))).slots(of: hash)
        while !slots.hasRoom {
            makeRoom(in: slots, hash, write)
            if let directory { slots = directory.slots(of: hash) }
        }
        slots.insert(node, hash)
        live.wrappingAdd(1, ordering: .relaxed)
    }

    /// Takes a node out, which the caller retires.
    func remove(_ node: UnsafeMutablePointer<Node>, _ write: TableWrite) {
        guard let directory else { return }
        let hash = node.pointee.hash
        let slots = directory.slots(of: hash)
        slots.remove(node)
        let left = live.wrappingSubtract(1, ordering: .relaxed).newValue
        if left == 0 {
            storage.store(nil, ordering: .releasing)
            directory.retire(write)
        } else if directory.depth > 0, left < directory.count * 16 {
            let all = Slots(roomFor: left, depth: 0)
            forEach { all.insert($0, $0.pointee.hash) }
            _ = publish(Directory(of: all))
            directory.retire(write)
        } else if slots.capacity > Slots.smallestCapacity, slots.count < slots.capacity / 8 {
            move(slots, hash, roomFor: slots.count, write)
        }
    }

    /// Calls a closure with each node; for the writer.
    func forEach(_ body: (UnsafeMutablePointer<Node>) -> Void) {
        guard let directory else { return }
        for slots in directory.parts { slots.forEach { node, _ in body(node) } }
    }

    @inline(__always)
    private var directory: Directory? { storage.load(ordering: .acquiring).map { Directory(at: $0) } }

    private func publish(_ directory: Directory) -> Directory {
        storage.store(directory.memory, ordering: .releasing)
        return directory
    }

    /// Makes room for a hash in the slots that it belongs to.
    private func makeRoom(in slots: Slots, _ hash: Int, _ write: TableWrite) {
        let share = count >> slots.depth
        if Slots.capacity(for: slots.count + 1) > Self.largestPart, slots.count <= 2 * share {
            split(slots, hash, write)
        } else {
            move(slots, hash, roomFor: slots.count + 1, write)
        }
    }

    /// Moves nodes to other slots.
    private func move(_ slots: Slots, _ hash: Int, roomFor count: Int, _ write: TableWrite) {
        let new = Slots(roomFor: count, depth: slots.depth)
        slots.forEach { new.insert($0, $1) }
        directory?.replace(slots, hash, by: new)
        write.append(.memory(slots.memory))
    }

    /// Divides nodes by the first bit that their hashes don't have in common.
    private func split(_ slots: Slots, _ hash: Int, _ write: TableWrite) {
        guard var directory else { return }
        if directory.depth == slots.depth {
            let old = directory
            directory = publish(old.doubled)
            write.append(.memory(old.memory))
        }
        let isUpper = { (hash: Int) in hash << slots.depth < 0 }
        var upperCount = 0
        slots.forEach { upperCount += isUpper($1) ? 1 : 0 }
        let lower = Slots(roomFor: slots.count - upperCount, depth: slots.depth + 1)
        let upper = Slots(roomFor: upperCount, depth: slots.depth + 1)
        slots.forEach { (isUpper($1) ? upper : lower).insert($0, $1) }
        directory.replace(slots, hash, by: lower, upper)
        write.append(.memory(slots.memory))
    }
}

extension NodeTable {
    /// The parts of a table, by the first bits of hashes.
    private struct Directory {
        let memory: UnsafeMutableRawPointer

        private typealias Entry = Atomic<UnsafeMutableRawPointer>
        private static var headerSize: Int { 16 }

        @inline(__always)
        init(at memory: UnsafeMutableRawPointer) { self.memory = memory }

        /// A directory of one part.
        init(of slots: Slots) {
            self.init(depth: 0) { _ in slots }
        }

        private init(depth: Int, _ slots: (Int) -> Slots) {
            let count = 1 << depth
            memory = .allocate(byteCount: Self.headerSize + count * MemoryLayout<Entry>.stride, alignment: 16)
            memory.storeBytes(of: depth, as: Int.self)
            let entries = (memory + Self.headerSize).bindMemory(to: Entry.self, capacity: count)
            for index in 0..<count { (entries + index).initialize(to: Entry(slots(index).memory)) }
        }

        /// How many bits of a hash it goes by.
        @inline(__always)
        var depth: Int { memory.load(as: Int.self) }

        var count: Int { 1 << depth }

        var byteCount: Int { Self.headerSize + count * MemoryLayout<Entry>.stride }

        /// The slots of a table that has no parts.
        @inline(__always)
        var only: Slots { slots(at: 0) }

        /// The slots that a hash belongs to.
        @inline(__always)
        func slots(of hash: Int) -> Slots { slots(at: index(of: hash, depth)) }

        /// All parts; for the writer.
        var parts: [Slots] {
            var parts: [Slots] = []
            for index in 0..<count {
                let slots = slots(at: index)
                if parts.last?.memory != slots.memory { parts.append(slots) }
            }
            return parts
        }

        /// The same parts by one bit more.
        var doubled: Directory { Directory(depth: depth + 1) { slots(at: $0 / 2) } }

        /// Puts other slots in the place of those that a hash belongs to.
        ///
        /// - Parameter upper: those of the second half, where there are others for that.
        func replace(_ old: Slots, _ hash: Int, by lower: Slots, _ upper: Slots? = nil) {
            let entriesOfPart = 1 << (depth - old.depth)
            let first = index(of: hash, old.depth) * entriesOfPart
            for offset in 0..<entriesOfPart {
                let slots = offset * 2 < entriesOfPart ? lower : upper ?? lower
                entries[first + offset].store(slots.memory, ordering: .releasing)
            }
        }

        /// Has it freed, with all parts.
        func retire(_ write: TableWrite) {
            for slots in parts { write.append(.memory(slots.memory)) }
            write.append(.memory(memory))
        }

        @inline(__always)
        private var entries: UnsafeMutablePointer<Entry> {
            (memory + Self.headerSize).assumingMemoryBound(to: Entry.self)
        }

        @inline(__always)
        private func slots(at index: Int) -> Slots { Slots(at: entries[index].load(ordering: .acquiring)) }

        @inline(__always)
        private func index(of hash: Int, _ depth: Int) -> Int {
            Int(bitPattern: UInt(bitPattern: hash) >> (UInt.bitWidth - depth))
        }
    }
}
