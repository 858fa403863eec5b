/// The checks of a handler, behind each other in memory. Postings point into it; the handler keeps it alive.
final class CheckProgram: Sendable {
    // Sound: nothing changes after `init`.
    private nonisolated(unsafe) let memory: UnsafeMutablePointer<Check>
    /// The parts that checks point at.
    let parts: [FilterPart]

    init(_ checks: [Check], parts: [FilterPart]) {
        self.parts = parts
        memory = .allocate(capacity: checks.count + 1)
        memory.initialize(from: checks + [.end], count: checks.count + 1)
    }

    deinit { memory.deallocate() }

    var first: Check { memory.pointee }

    /// The checks after the first.
    var others: UnsafePointer<Check>? { UnsafePointer(memory + 1) }

    /// Calls a closure with the lookup and every node that a check names.
    func forEachNode(_ body: (Int, UnsafeMutablePointer<TableNode>) -> Void) {
        var next = memory
        while next.pointee.kind != .end {
            next.pointee.noteNode(body)
            next += 1
        }
        for part in parts { part.forEachNode(body) }
    }
}
