import CEventDispatch

/// One event while it is matched: the values of its keys, each read once, the places that tables have for them,
/// each looked up once, and the handlers found so far.
///
/// It is read on demand: a key that no check asks for is not read.
///
/// Whoever made one has to `free` it. For a `deinit` the compiler would copy it whole, and then wait for the copy: 3 ns a fire.
struct EventReading: ~Copyable {
    let event: EventReference
    /// Registrations that are newer are not for this event.
    let version: UInt64

    private let table: Unmanaged<EventTable>
    private let keyCount: Int
    private let lookupCount: Int
    /// By key; nil where it was not read.
    private let values: UnsafeMutablePointer<UnsafeRawPointer?>
    /// By lookup: 0 where nothing was looked up, 1 where nothing was found, else the address of a node or of the elements.
    private let found: UnsafeMutablePointer<UInt>
    private var hasCopies = false
    private var memory: ReadingMemory

    private var matchList: MatchList
    private var lastChecked: UnsafePointer<Check>?
    private var lastAnswer = true
    /// How many handlers were found that are too new for this event: with version 0, all that its keys find.
    private(set) var passedOver = 0

    private static let notFound: UInt = 1

    init(
        _ event: EventReference,
        _ table: Unmanaged<EventTable>,
        version: UInt64,
        memory: consuming ReadingMemory
    ) {
        self.event = event
        self.table = table
        self.version = version
        (keyCount, lookupCount) = table._withUnsafeGuaranteedRef { ($0.keys.count, $0.lookups.count) }
        let bytes = (keyCount + lookupCount) * MemoryLayout<UInt>.stride
        let slots = memory.allocate(bytes, alignment: 8)
        values = slots.bindMemory(to: UnsafeRawPointer?.self, capacity: keyCount)
        values.initialize(repeating: nil, count: keyCount)
        found = (slots + keyCount * MemoryLayout<UInt>.stride).bindMemory(to: UInt.self, capacity: lookupCount)
        found.initialize(repeating: 0, count: lookupCount)
        // Where there are keys, some room is left for the values of those that have to be asked for.
        let room = memory.bytesLeft - (keyCount == 0 ? 0 : 256)
        matchList = MatchList(capacity: max(8, room / MemoryLayout<MatchList.Element>.stride), &memory)
        self.memory = memory
    }

    /// Lets go of what it holds.
    @inline(__always)
    mutating func free() {
        if hasCopies { destroyCopies() }
        memory.free()
    }

    /// Whether a key is so new that nothing for this event can depend on it.
    @inline(__always)
    func isNew(key: Int) -> Bool { key >= keyCount }

    /// Whether a lookup is so new that nothing for this event can depend on it.
    @inline(__always)
    func isNew(lookup: Int) -> Bool { lookup >= lookupCount }

    /// The handlers that were found and can start, in dispatch order. They are alive as long as the fire is pinned.
    mutating func matches() -> UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>> {
        matchList.putInOrder(at: version)
        return matchList.handlers
    }

    /// Where the value of a key lies.
    @inline(__always)
    mutating func value(of key: Int) -> UnsafeRawPointer {
        if let value = values[key] { return value }
        return readValue(of: key)
    }

    private mutating func readValue(of key: Int) -> UnsafeRawPointer {
        let reader = table._withUnsafeGuaranteedRef { $0.keys[key] }
        if let place = reader._withUnsafeGuaranteedRef({ $0.place(in: event) }) {
            values[key] = place
            return place
        }
        let layout = reader._withUnsafeGuaranteedRef { $0.layout }
        let copy = memory.allocate(max(layout.size, 1), alignment: layout.alignment)
        reader._withUnsafeGuaranteedRef { $0.read(event, into: copy) }
        values[key] = UnsafeRawPointer(copy)
        hasCopies = true
        return UnsafeRawPointer(copy)
    }

    private func destroyCopies() {
        for key in 0..<keyCount {
            guard let value = values[key] else { continue }
            table._withUnsafeGuaranteedRef { $0.keys[key] }._withUnsafeGuaranteedRef { reader in
                if reader.place(in: event) == nil { reader.layout.destroy(UnsafeMutableRawPointer(mutating: value)) }
            }
        }
    }

    /// The node that a table has for the value of its key; nil where it has none.
    @inline(__always)
    mutating func node(_ lookup: Int) -> UnsafeMutablePointer<ValueNode>? {
        let known = found[lookup]
        if known > Self.notFound { return UnsafeMutablePointer(bitPattern: known) }
        return known == Self.notFound ? nil : findNode(lookup)
    }

    private mutating func findNode(_ lookup: Int) -> UnsafeMutablePointer<ValueNode>? {
        let lane = table._withUnsafeGuaranteedRef { $0.lookups[lookup] }
        let value = value(of: lane._withUnsafeGuaranteedRef { $0.key })
        let node = lane._withUnsafeGuaranteedRef { $0.find(value) }
        found[lookup] = node.map { UInt(bitPattern: $0) } ?? Self.notFound
        return node
    }

    /// The nodes that a table has for the elements of the collection that its key holds.
    @inline(__always)
    mutating func elements(_ lookup: Int) -> UnsafeMutablePointer<FoundElement>? {
        let known = found[lookup]
        if known > Self.notFound { return UnsafeMutablePointer(bitPattern: known) }
        return known == Self.notFound ? nil : findElements(lookup)
    }

    private mutating func findElements(_ lookup: Int) -> UnsafeMutablePointer<FoundElement>? {
        let lane = table._withUnsafeGuaranteedRef { $0.lookups[lookup] }
        let value = value(of: lane._withUnsafeGuaranteedRef { $0.key })
        var first: UnsafeMutablePointer<FoundElement>?
        lane._withUnsafeGuaranteedRef { lane in
            lane.forEachElement(of: value) { element in
                guard let node = lane.find(element) else { return }
                if let first, first.pointee.contains(node) { return }
                let size = MemoryLayout<FoundElement>.size
                let place = memory.allocate(size, alignment: 8).bindMemory(to: FoundElement.self, capacity: 1)
                place.initialize(to: FoundElement(node: node, next: first))
                first = place
            }
        }
        found[lookup] = first.map { UInt(bitPattern: $0) } ?? Self.notFound
        return first
    }

    /// Goes through what is filed in one place, and takes those that match.
    @inline(__always)
    mutating func take(_ filedHandlers: borrowing FiledHandlers<FilingTerms>) {
        filedHandlers.forEach { filed in
            guard let handler = filed.live, filed.terms.registration <= version || passOver() else { return }
            if holds(filed.terms) { matchList.append(handler, &memory) }
        }
    }

    /// Goes through what is filed in one place, and takes those that match and whose interval contains a rank.
    mutating func take(_ filedHandlers: borrowing FiledHandlers<RangedTerms>, containing rank: UInt64) {
        filedHandlers.forEach { filed in
            guard filed.terms.lower <= rank, rank <= filed.terms.upper else { return }
            guard let handler = filed.live, filed.terms.registration <= version || passOver() else { return }
            if holds(filed.terms.terms) { matchList.append(handler, &memory) }
        }
    }

    /// Notes that a handler was found that is too new.
    private mutating func passOver() -> Bool {
        passedOver += 1
        return false
    }

    /// Whether checks hold. Handlers that belong together often share theirs, so the last answer is kept.
    @inline(__always)
    private mutating func holds(_ terms: FilingTerms) -> Bool {
        guard let checks = terms.checks else { return true }
        if checks != lastChecked {
            if failsAtOnce(checks.pointee) { return false }
            lastAnswer = holds(allFrom: checks)
            lastChecked = checks
        }
        return lastAnswer
    }

    /// Whether a check asks for another value than the one that was found before. Of many handlers under one value most end here.
    @inline(__always)
    private func failsAtOnce(_ check: Check) -> Bool {
        guard check.kind == .node, !check.isNegated else { return false }
        let known = found[Int(check.slot)]
        return known > Self.notFound && known != check.subject
    }

    private mutating func holds(allFrom first: UnsafePointer<Check>) -> Bool {
        var next = first
        while next.pointee.kind == .node {
            guard holds(node: next.pointee) else { return false }
            next += 1
        }
        while next.pointee.kind != .end {
            guard holds(next.pointee, following: next + 1) else { return false }
            next += 1 + Int(next.pointee.count)
        }
        return true
    }

    /// Whether a check of the kind `node` holds, as most are.
    @inline(__always)
    private mutating func holds(node check: Check) -> Bool {
        (UInt(bitPattern: node(Int(check.slot))) == check.subject) != check.isNegated
    }

    /// Whether a check holds.
    mutating func holds(_ check: Check, following: UnsafePointer<Check>?) -> Bool {
        let slot = Int(check.slot)
        switch check.kind {
        case .end: return true
        case .node: return holds(node: check)
        case .oneOf:
            let node = UInt(bitPattern: node(slot))
            let nodes = UnsafeBufferPointer(start: following, count: Int(check.count))
            return (node != 0 && nodes.contains { $0.subject == node }) != check.isNegated
        case .element: return elements(slot)?.pointee.contains(check.subject) ?? false != check.isNegated
        case .condition:
            let value = value(of: slot)
            return Unmanaged<Condition>.fromOpaque(check.pointer)._withUnsafeGuaranteedRef { condition in
                condition.holds(at: value)
            } != check.isNegated
        case .part:
            return Unmanaged<FilterPart>.fromOpaque(check.pointer)._withUnsafeGuaranteedRef { $0.holds(in: &self) }
        }
    }
}

/// An element of an event's collection that a table has a node for, and the others.
struct FoundElement {
    let node: UnsafeMutablePointer<ValueNode>
    let next: UnsafeMutablePointer<FoundElement>?

    func contains(_ node: UnsafeMutablePointer<ValueNode>) -> Bool { contains(UInt(bitPattern: node)) }

    func contains(_ address: UInt) -> Bool {
        if UInt(bitPattern: node) == address { return true }
        var other = next
        while let element = other {
            if UInt(bitPattern: element.pointee.node) == address { return true }
            other = element.pointee.next
        }
        return false
    }
}

/// The handlers that an event matches. They are alive as long as the fire is pinned.
struct MatchList {
    typealias Element = Unmanaged<RegisteredHandler>

    private var start: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int, _ memory: inout ReadingMemory) {
        let bytes = memory.allocate(capacity * MemoryLayout<Element>.stride, alignment: MemoryLayout<Element>.alignment)
        start = bytes.bindMemory(to: Element.self, capacity: capacity)
        self.capacity = capacity
    }

    /// Adds a handler. Where one handler is added several times, `putInOrder` leaves it once.
    @inline(__always)
    mutating func append(_ handler: Element, _ memory: inout ReadingMemory) {
        if count == capacity { grow(&memory) }
        ed_prefetch(handler.toOpaque())
        (start + count).initialize(to: handler)
        count += 1
    }

    private mutating func grow(_ memory: inout ReadingMemory) {
        var larger = MatchList(capacity: capacity * 2, &memory)
        larger.start.initialize(from: start, count: count)
        larger.count = count
        self = larger
    }

    /// The handlers.
    var handlers: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: start, count: count) }

    /// Takes out the handlers that can't start, and puts the others in dispatch order, each once.
    ///
    /// Where one can't start because its subscription was cancelled meanwhile, those that were asked before it are asked again, so
    /// that none is left of a subscription that lost another.
    ///
    /// - Parameter version: the version that the event sees.
    mutating func putInOrder(at version: UInt64) {
        var isInOrder = true
        var before = count
        repeat {
            before = count
            isInOrder = keepThoseThatCanStart(at: version)
        } while count < before
        guard !isInOrder else { return }
        var handlers = handlers
        handlers.sort(by: Self.precedes)
        var kept = 1
        for index in 1..<count where start[index].toOpaque() != start[kept - 1].toOpaque() {
            start[kept] = start[index]
            kept += 1
        }
        count = kept
    }

    /// Returns whether those that are left are in dispatch order.
    private mutating func keepThoseThatCanStart(at version: UInt64) -> Bool {
        var kept = 0
        var isInOrder = true
        for index in 0..<count {
            let handler = start[index]
            guard handler._withUnsafeGuaranteedRef({ $0.canStart(at: version) }) else { continue }
            // One that is alone is called at once.
            if count > 1 { handler._withUnsafeGuaranteedRef { $0.inPlace.prefetch() } }
            if kept > 0, !Self.precedes(start[kept - 1], handler) { isInOrder = false }
            start[kept] = handler
            kept += 1
        }
        count = kept
        return isInOrder
    }

    private static func precedes(_ left: Element, _ right: Element) -> Bool {
        left._withUnsafeGuaranteedRef { left in right._withUnsafeGuaranteedRef { left.precedes($0) } }
    }
}

/// Memory for what is known of an event while it is matched: a block on the stack, and blocks from the heap where that is
/// too small.
struct ReadingMemory: ~Copyable {
    /// The bytes that `withUnsafeTemporaryAllocation` takes from the stack.
    static let stackSize = 1_024

    private var next: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer
    /// The last block from the heap, which begins with the address of the one before.
    private var lastBlock: UnsafeMutableRawPointer?

    init(_ stack: UnsafeMutableRawBufferPointer) {
        next = stack.baseAddress.unsafelyUnwrapped
        end = next + stack.count
    }

    @inline(__always)
    mutating func free() {
        if lastBlock != nil { freeBlocks() }
    }

    private func freeBlocks() {
        var next = lastBlock
        while let block = next {
            next = block.load(as: UnsafeMutableRawPointer?.self)
            block.deallocate()
        }
    }

    /// How many bytes are left before the next block is needed.
    var bytesLeft: Int { end - next }

    @inline(__always)
    mutating func allocate(_ byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
        let start = next.alignedUp(toMultipleOf: alignment)
        guard start + byteCount > end else {
            next = start + byteCount
            return start
        }
        return allocateFromHeap(byteCount, alignment)
    }

    private mutating func allocateFromHeap(_ byteCount: Int, _ alignment: Int) -> UnsafeMutableRawPointer {
        let header = max(MemoryLayout<UnsafeMutableRawPointer?>.stride, alignment)
        let block = UnsafeMutableRawPointer.allocate(byteCount: header + byteCount, alignment: alignment)
        block.storeBytes(of: lastBlock, as: UnsafeMutableRawPointer?.self)
        lastBlock = block
        return block + header
    }
}
