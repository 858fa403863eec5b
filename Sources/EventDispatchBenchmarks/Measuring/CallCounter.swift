/// Counts calls of handlers.
///
/// Unchecked, because nothing guards the count: it is sound as long as no two threads count at the same time and whoever reads
/// has waited for the last call. Handlers that run side by side count in counters of their own. Anything that guarded it
/// would cost more than what is measured.
struct CallCounter: @unchecked Sendable {
    /// Alone on its cache lines, so that threads with counters of their own do not slow each other down.
    private static let stride = 256

    private let count: UnsafeMutablePointer<Int>

    /// Makes a counter, which lives until it is freed: handlers hold no more than its address.
    init() {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.stride, alignment: Self.stride)
        count = memory.initializeMemory(as: Int.self, to: 0)
    }

    func free() { count.deallocate() }

    func add(_ amount: Int) { count.pointee &+= amount }

    func increment() { count.pointee &+= 1 }

    var value: Int { count.pointee }
}
