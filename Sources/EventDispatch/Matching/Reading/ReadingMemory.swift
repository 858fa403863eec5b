/// Memory for what is known of an event while it is matched: a block on the stack, and blocks from the heap where that is
/// too small.
struct ReadingMemory: ~Copyable {
    /// What `withUnsafeTemporaryAllocation` takes from the stack.
    static let stackSize = 1_024

    private var next: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer
    private var blocks: [UnsafeMutableRawPointer] = []

    init(_ stack: UnsafeMutableRawBufferPointer) {
        next = stack.baseAddress.unsafelyUnwrapped
        end = next + stack.count
    }

    deinit { for block in blocks { block.deallocate() } }

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
        let block = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: alignment)
        blocks.append(block)
        return block
    }
}
