import Synchronization

/// Handlers by a bound that a key has to lie above, or below: a list in the order of the bounds, so that an event goes from the
/// loosest one to the first that it does not pass, and meets only those that it passes.
///
/// Each bound is looser than the next one, or as loose and included. So an ordered value that is on the wrong side of one is on the
/// wrong side of all that follow; a text that is not ordered is compared with every bound. The bounds themselves are all ordered, as
/// `ValueOrder` says it: no others are filed here, and so none whose `<` could say now one thing and now another.
///
/// The writer finds its way by a skip list: every node is linked on the ground level, and every fourth on the next.
///
/// Intervals of values without ranks, such as strings, are filed by their lower ends, and checked as a whole.
final class ThresholdLane: Lane {
    /// Which side of the bounds values have to be on.
    enum Side { case above, below }

    private let side: Side
    private let order: ValueOrder
    private let layout: ValueLayout
    private let first: UnsafeMutablePointer<ThresholdNode>

    init(key: Int, _ side: Side, _ form: IntervalForm) {
        self.side = side
        order = form.order
        layout = form.layout
        first = ThresholdNode.make(nil, isIncluded: true, layout, height: ThresholdNode.maximumHeight)
        super.init(key: key)
    }

    deinit {
        var next = first.next(0)
        while let node = next {
            next = node.next(0)
            ThresholdNode.free(node, layout)
        }
        ThresholdNode.free(first, nil)
    }

    override func collect(into reading: inout EventReading) {
        let value = reading.value(of: key)
        let isOrdered = order.isOrdered(value)
        var next = first.next(0)
        while let node = next {
            let bound = ThresholdNode.bound(of: node, layout)
            if node.pointee.isIncluded ? reaches(value, bound) : exceeds(value, bound) {
                reading.take(node.pointee.filedHandlers)
            } else if isOrdered {
                return
            }
            next = node.next(0)
        }
    }

    /// Files a handler under a bound, which is ordered, and returns the place.
    func file(
        _ handler: RegisteredHandler,
        _ bound: IntervalForm.Bound,
        _ terms: FilingTerms,
        _ write: TableWrite
    ) -> UnsafeMutableRawPointer {
        noteFiling()
        let node = bound.withValue { value in
            let path = path(to: value, isIncluded: bound.isIncluded)
            if let node = path[0].next(0), isAt(node, value, isIncluded: bound.isIncluded) {
                node.pointee.filedHandlers.append(handler, terms, write)
                return node
            }
            let height = ThresholdNode.randomHeight()
            let node = ThresholdNode.make(
                value,
                isIncluded: bound.isIncluded,
                layout,
                height: height,
                filing: (handler, terms)
            )
            for level in 0..<height {
                node.link(level, to: path[level].next(level))
                path[level].link(level, to: node)
            }
            return node
        }
        return UnsafeMutableRawPointer(node)
    }

    override var byteCount: Int {
        var sum = 0
        var next = first.next(0)
        while let node = next {
            sum += ThresholdNode.byteCount(node.pointee.height, layout) + node.pointee.filedHandlers.byteCount
            next = node.next(0)
        }
        return sum
    }

    override func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ write: TableWrite) {
        noteRemoval()
        let node = place.assumingMemoryBound(to: ThresholdNode.self)
        guard node.pointee.filedHandlers.remove(registration, write) else { return }
        let path = path(to: ThresholdNode.bound(of: node, layout), isIncluded: node.pointee.isIncluded)
        for level in 0..<node.pointee.height { path[level].link(level, to: node.next(level)) }
        write.append(.threshold(node, layout))
    }

    override var name: String { side == .above ? "lower bounds" : "upper bounds" }

    /// Whether a value is on the right side of a bound, as the filter asks it.
    @inline(__always)
    private func exceeds(_ value: UnsafeRawPointer, _ bound: UnsafeRawPointer) -> Bool {
        side == .above ? order.isGreater(value, bound) : order.isLess(value, bound)
    }

    /// Whether a value is on the right side of a bound that is included, as the filter asks it.
    @inline(__always)
    private func reaches(_ value: UnsafeRawPointer, _ bound: UnsafeRawPointer) -> Bool {
        side == .above ? order.isAtLeast(value, bound) : order.isAtMost(value, bound)
    }

    /// Whether a value, as a bound, would let more pass than another.
    @inline(__always)
    private func isLooser(_ value: UnsafeRawPointer, than bound: UnsafeRawPointer) -> Bool {
        side == .above ? order.isLess(value, bound) : order.isLess(bound, value)
    }

    /// Whether the bound of a node stands before another: it is looser, or as loose and included.
    private func stands(_ node: UnsafeMutablePointer<ThresholdNode>, before value: UnsafeRawPointer, isIncluded: Bool)
        -> Bool
    {
        let bound = ThresholdNode.bound(of: node, layout)
        if isLooser(bound, than: value) { return true }
        return node.pointee.isIncluded && !isIncluded && order.equals(bound, value)
    }

    private func isAt(_ node: UnsafeMutablePointer<ThresholdNode>, _ value: UnsafeRawPointer, isIncluded: Bool) -> Bool
    {
        node.pointee.isIncluded == isIncluded && order.equals(ThresholdNode.bound(of: node, layout), value)
    }

    /// The last node before a bound, on each level.
    private func path(to value: UnsafeRawPointer, isIncluded: Bool) -> [UnsafeMutablePointer<ThresholdNode>] {
        var path = [UnsafeMutablePointer<ThresholdNode>](repeating: first, count: ThresholdNode.maximumHeight)
        var last = first
        for level in stride(from: ThresholdNode.maximumHeight - 1, through: 0, by: -1) {
            while let node = last.next(level), stands(node, before: value, isIncluded: isIncluded) { last = node }
            path[level] = last
        }
        return path
    }
}

/// The handlers that are filed under one bound. The links to the next nodes, one a level, stand behind it in memory, and the bound
/// behind those.
struct ThresholdNode: ~Copyable {
    static let maximumHeight = 12

    let isIncluded: Bool
    let height: Int
    let filedHandlers: FiledHandlers<FilingTerms>

    fileprivate typealias Link = Atomic<UnsafeMutablePointer<ThresholdNode>?>

    private init(isIncluded: Bool, height: Int, _ filed: (RegisteredHandler, FilingTerms)?) {
        self.isIncluded = isIncluded
        self.height = height
        filedHandlers = FiledHandlers(filed)
    }

    /// One in four nodes is higher than one level, one in sixteen higher than two, and so on.
    static func randomHeight() -> Int {
        min(1 + UInt64.random(in: 0...(.max)).trailingZeroBitCount / 2, maximumHeight)
    }

    static func make(
        _ bound: UnsafeRawPointer?,
        isIncluded: Bool,
        _ layout: ValueLayout,
        height: Int,
        filing filed: (RegisteredHandler, FilingTerms)? = nil
    ) -> UnsafeMutablePointer<ThresholdNode> {
        let offset = boundOffset(height, layout)
        let alignment = max(MemoryLayout<ThresholdNode>.alignment, layout.alignment)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: offset + layout.size, alignment: alignment)
        let node = memory.bindMemory(to: ThresholdNode.self, capacity: 1)
        node.initialize(to: ThresholdNode(isIncluded: isIncluded, height: height, filed))
        for level in 0..<height { node.link(level).initialize(to: Link(nil)) }
        if let bound { layout.initialize(memory + offset, from: bound) }
        return node
    }

    /// How much memory a node takes, in bytes, without its filed handlers.
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
