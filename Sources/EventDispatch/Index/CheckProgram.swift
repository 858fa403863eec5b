/// The checks of handlers, behind each other in memory. Postings point into it; the handlers keep it alive.
///
/// Handlers whose checks are the same share them, so that fires find them in the processor's cache.
final class CheckProgram: Sendable {
    // Sound: nothing changes after `init`.
    private nonisolated(unsafe) let memory: UnsafeMutablePointer<Check>
    /// The parts that checks point at.
    let parts: [FilterPart]
    /// How many handlers have it. For the writer.
    nonisolated(unsafe) var users = 0

    init(_ checks: [Check], parts: [FilterPart]) {
        self.parts = parts
        isShareable = checks.allSatisfy { $0.kind != .condition && $0.kind != .part }
        memory = .allocate(capacity: checks.count + 1)
        memory.initialize(from: checks + [.end], count: checks.count + 1)
    }

    deinit { memory.deallocate() }

    /// Whether it points at nodes only, which are the same for all that name their values.
    let isShareable: Bool

    /// The checks, without the end.
    var checks: [Check] {
        var checks: [Check] = []
        var next = memory
        while next.pointee.kind != .end {
            checks.append(next.pointee)
            next += 1
        }
        return checks
    }

    var first: Check { memory.pointee }

    /// The checks after the first.
    var others: UnsafePointer<Check>? { UnsafePointer(memory + 1) }

    /// Calls a closure with the lookup and every node that a check names.
    func forEachNode(_ body: (Int, UnsafeMutablePointer<ValueNode>) -> Void) {
        for check in checks { check.noteNode(body) }
        for part in parts { part.forEachNode(body) }
    }
}
