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
            if kept > 0, !Self.precedes(start[kept - 1], handler) { isInOrder = false }
            start[kept] = handler
            kept += 1
        }
        count = kept
        return isInOrder
    }

    private static func precedes(_ left: Element, _ right: Element) -> Bool {
        left._withUnsafeGuaranteedRef { left in right._withUnsafeGuaranteedRef { left.order < $0.order } }
    }
}

/// Memory for what is known of an event while it is matched: a block on the stack, and blocks from the heap where that is
/// too small.
struct ReadingMemory: ~Copyable {
    /// What `withUnsafeTemporaryAllocation` takes from the stack.
    static let stackSize = 1_024

    private var next: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer
    /// The last block from the heap, which begins with the address of the one before.
    private var lastBlock: UnsafeMutableRawPointer?

    init(_ stack: UnsafeMutableRawBufferPointer) {
        next = stack.baseAddress.unsafelyUnwrapped
        end = next + stack.count
    }

    deinit {
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
