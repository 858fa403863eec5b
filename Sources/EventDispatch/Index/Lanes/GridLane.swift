import Synchronization

/// Handlers by an interval of numbers that a key has to lie in.
///
/// Numbers are taken by their ranks. An interval that is up to 2ⁿ wide is filed on level n, in the cell of width 2ⁿ that its lower end
/// lies in, and ends there or in the next. So an event finds every interval that it may lie in with two lookups for each level in use:
/// its own cell and the one below. At least a quarter of what it finds contains it.
final class GridLane: Lane {
    private struct Cell: Equatable {
        let level: Int
        let number: UInt64

        /// Four neighbours have neighbouring places in a table, so that two of them are mostly found in one piece of memory.
        var hash: Int { (number >> 2 &+ UInt64(level) << 56).spread & ~3 | Int(number & 3) }
    }

    private static let layout = ValueLayout(Cell.self)
    private static let topLevel = 63

    private let order: ValueOrder
    private let nodes = NodeTable<RangedTerms>()
    /// A bit for each level in use.
    private let levels = Atomic<UInt64>(0)
    private var cellsByLevel = [Int](repeating: 0, count: topLevel + 1)

    init(key: Int, _ order: ValueOrder) {
        self.order = order
        super.init(key: key)
    }

    deinit {
        nodes.forEach { RangedNode.free($0, Self.layout) }
    }

    /// The ranks of the ends of an interval, both in it; nil for one that has no ends, no ranks, or nothing in it.
    static func ranks(of form: IntervalForm) -> ClosedRange<UInt64>? {
        guard let rank = form.order.rank, let lower = form.lower, let upper = form.upper else { return nil }
        guard var low = lower.withValue(rank), var high = upper.withValue(rank) else { return nil }
        if !lower.isIncluded {
            guard low < .max else { return nil }
            low += 1
        }
        if !upper.isIncluded {
            guard high > 0 else { return nil }
            high -= 1
        }
        return low <= high ? low...high : nil
    }

    override func collect(into reading: inout EventReading) {
        guard let rank = order.rank?(reading.value(of: key)) else { return }
        var levels = levels.load(ordering: .acquiring)
        while levels != 0 {
            let level = levels.trailingZeroBitCount
            levels &= levels &- 1
            let number = rank >> UInt64(level)
            let own = node(of: Cell(level: level, number: number))
            let below = level > 0 && number > 0 ? node(of: Cell(level: level, number: number - 1)) : nil
            // Both are fetched before one is gone through.
            own?.pointee.filedHandlers.prefetch()
            below?.pointee.filedHandlers.prefetch()
            if let own { reading.take(own.pointee.filedHandlers, containing: rank) }
            if let below { reading.take(below.pointee.filedHandlers, containing: rank) }
        }
    }

    /// Files a handler, and returns the place.
    func file(
        _ handler: RegisteredHandler,
        _ ranks: ClosedRange<UInt64>,
        _ terms: FilingTerms,
        _ write: TableWrite
    ) -> UnsafeMutableRawPointer {
        let terms = RangedTerms(terms: terms, lower: ranks.lowerBound, upper: ranks.upperBound)
        let cell = Self.cell(of: ranks)
        let known = node(of: cell)
        known?.pointee.filedHandlers.append(handler, terms, write)
        let node = known ?? insert(cell, filing: (handler, terms), write)
        noteFiling()
        return UnsafeMutableRawPointer(node)
    }

    override var byteCount: Int { nodes.byteCount(Self.layout) }

    override func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ write: TableWrite) {
        let node = place.assumingMemoryBound(to: RangedNode.self)
        noteRemoval()
        guard node.pointee.filedHandlers.remove(registration, write) else { return }
        let level = Self.cell(of: node).level
        nodes.remove(node, write)
        write.append(.rangedNode(node, Self.layout))
        cellsByLevel[level] -= 1
        if cellsByLevel[level] == 0 { levels.bitwiseXor(1 << UInt64(level), ordering: .releasing) }
    }

    /// About how many handlers an event that lies in an interval finds here.
    func estimate(_ ranks: ClosedRange<UInt64>) -> Int {
        node(of: Self.cell(of: ranks))?.pointee.filedHandlers.count ?? 0
    }

    override var name: String { "ranges" }

    private static func cell(of ranks: ClosedRange<UInt64>) -> Cell {
        let level = min(64 - (ranks.upperBound - ranks.lowerBound).leadingZeroBitCount, topLevel)
        return Cell(level: level, number: ranks.lowerBound >> UInt64(level))
    }

    private static func cell(of node: UnsafeMutablePointer<RangedNode>) -> Cell {
        RangedNode.value(of: node, alignment: layout.alignment).assumingMemoryBound(to: Cell.self).pointee
    }

    private func node(of cell: Cell) -> UnsafeMutablePointer<RangedNode>? {
        nodes.find(hash: { cell.hash }) { Self.cell(of: $0) == cell }
    }

    private func insert(
        _ cell: Cell,
        filing filed: (RegisteredHandler, RangedTerms),
        _ write: TableWrite
    ) -> UnsafeMutablePointer<RangedNode> {
        let node = withUnsafePointer(to: cell) { RangedNode.make(hash: cell.hash, $0, Self.layout, filing: filed) }
        nodes.insert(node, write)
        cellsByLevel[cell.level] += 1
        levels.bitwiseOr(1 << UInt64(cell.level), ordering: .releasing)
        return node
    }
}
