import Synchronization

/// A table that one thread replaces while another reads it, as fires read theirs; unless it is guarded, without a pin.
final class TablePiece: @unchecked Sendable {
    // Not sound, on purpose: without a pin, what is read may be freed. The variables belong to one thread each.

    private let epochs = CopiedEpochs()
    private let table = Atomic<UnsafeMutablePointer<Int>?>(nil)
    private let isGuarded: Bool
    private var written = 0
    private var lastRead = 0

    init(isGuarded: Bool) { self.isGuarded = isGuarded }

    func run() { ThreadPair().run(change, read) }

    private func change() -> Bool {
        let new = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        written += 1
        new.initialize(to: written)
        let old = table.load(ordering: .relaxed)
        table.store(new, ordering: .releasing)
        if let old { epochs.retire(old) }
        return true
    }

    /// Returns whether the table has changed.
    private func read() -> Bool {
        let parity = isGuarded ? epochs.pin() : nil
        let number = table.load(ordering: .acquiring)?.pointee ?? 0
        if let parity { epochs.unpin(parity) }
        defer { lastRead = number }
        return number != lastRead
    }
}
