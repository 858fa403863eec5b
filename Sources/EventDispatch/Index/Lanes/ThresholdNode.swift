import Synchronization

/// The handlers that are filed under one bound. The links to the next nodes, one a level, stand behind it in memory, and the bound
/// behind those.
struct ThresholdNode: ~Copyable {
    static let maximumHeight = 12

    let isIncluded: Bool
    let height: Int
    let postings = PostingList<PostingTerms>()

    fileprivate typealias Link = Atomic<UnsafeMutablePointer<ThresholdNode>?>

    private init(isIncluded: Bool, height: Int) {
        self.isIncluded = isIncluded
        self.height = height
    }

    /// One in four nodes is higher than one level, one in sixteen higher than two, and so on.
    static func randomHeight() -> Int {
        min(1 + UInt64.random(in: 0...(.max)).trailingZeroBitCount / 2, maximumHeight)
    }

    static func make(
        _ bound: UnsafeRawPointer?,
        isIncluded: Bool,
        _ layout: ValueLayout,
        height: Int
    ) -> UnsafeMutablePointer<ThresholdNode> {
        let offset = boundOffset(height, layout)
        let alignment = max(MemoryLayout<ThresholdNode>.alignment, layout.alignment)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: offset + layout.size, alignment: alignment)
        let node = memory.bindMemory(to: ThresholdNode.self, capacity: 1)
        node.initialize(to: ThresholdNode(isIncluded: isIncluded, height: height))
        for level in 0..<height { node.link(level).initialize(to: Link(nil)) }
        if let bound { layout.initialize(memory + offset, from: bound) }
        return node
    }

    /// How much memory a node takes, in bytes, without its postings.
    static func byteCount(_ height: Int, _ layout: ValueLayout) -> Int { boundOffset(height, layout) + layout.size }

    /// Lets go of a node, its bound if a layout is given, and its memory.
    static func free(_ node: UnsafeMutablePointer<ThresholdNode>, _ layout: ValueLayout?) {
        if let layout { layout.destroy(UnsafeMutableRawPointer(mutating: bound(of: node, layout))) }
        node.deinitialize(count: 1)
        UnsafeMutableRawPointer(node).deallocate()
    }

    static func bound(of node: UnsafeMutablePointer<ThresholdNode>, _ layout: ValueLayout) -> UnsafeRawPointer {
        UnsafeRawPointer(node) + boundOffset(node.pointee.height, layout)
    }

    private static func boundOffset(_ height: Int, _ layout: ValueLayout) -> Int {
        let end = MemoryLayout<ThresholdNode>.stride + height * MemoryLayout<Link>.stride
        return layout.offset(after: end)
    }
}

extension UnsafeMutablePointer<ThresholdNode> {
    /// The next node on a level.
    func next(_ level: Int) -> UnsafeMutablePointer<ThresholdNode>? { link(level).pointee.load(ordering: .acquiring) }

    func link(_ level: Int, to node: UnsafeMutablePointer<ThresholdNode>?) {
        link(level).pointee.store(node, ordering: .releasing)
    }

    fileprivate func link(_ level: Int) -> UnsafeMutablePointer<ThresholdNode.Link> {
        (UnsafeMutableRawPointer(self) + MemoryLayout<ThresholdNode>.stride)
            .assumingMemoryBound(to: ThresholdNode.Link.self) + level
    }
}
