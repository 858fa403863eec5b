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
