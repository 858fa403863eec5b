import Synchronization

/// A way in which events find handlers: by what the value of one key equals, contains, lies in, or looks like.
///
/// One writer files handlers and takes them out; any number of fires collect meanwhile.
class Lane {
    /// The index of the key.
    final let key: Int
    /// How many handlers are filed.
    private let filed = Atomic(0)

    init(key: Int) { self.key = key }

    /// Takes the handlers that an event finds here.
    func collect(into reading: inout EventReading) { preconditionFailure("every lane collects") }

    /// Takes out what was filed in a place.
    func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ write: TableWrite) {
        preconditionFailure("every lane removes")
    }

    /// The name of the lane, for explanations.
    var name: String { preconditionFailure("every lane has a name") }

    /// Under how many values handlers are filed, for explanations; nil where the lane does not count them. For the writer.
    var valueCount: Int? { nil }

    /// How much memory the lane takes, in bytes; for the writer.
    var byteCount: Int { preconditionFailure("every lane knows its size") }

    /// Whether nothing is filed.
    @inline(__always)
    final var isEmpty: Bool { filed.load(ordering: .acquiring) == 0 }

    /// How many handlers are filed.
    final var count: Int { filed.load(ordering: .relaxed) }

    final func noteFiling() { filed.add(1, ordering: .releasing) }

    final func noteRemoval() { filed.subtract(1, ordering: .releasing) }
}

/// Handlers by a value that a key has to equal, by the type's own `==`, or by the object that it has to be.
final class ValueLane: LookupLane {
    override func collect(into reading: inout EventReading) {
        guard !reading.isNew(lookup: lookup) else { return }
        if let node = reading.node(lookup) { reading.take(node.pointee.filedHandlers) }
    }

    override var name: String { "values" }
}

/// Handlers that every event finds: those without a filter, and those whose filters have nothing that could be indexed.
final class ListLane: Lane {
    private let filedHandlers = FiledHandlers<FilingTerms>()

    init() { super.init(key: -1) }

    override func collect(into reading: inout EventReading) { reading.take(filedHandlers) }

    /// Files a handler.
    func file(_ handler: RegisteredHandler, _ terms: FilingTerms, _ write: TableWrite) {
        noteFiling()
        filedHandlers.append(handler, terms, write)
    }

    override var byteCount: Int { filedHandlers.byteCount }

    override func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ write: TableWrite) {
        filedHandlers.remove(registration, write)
        noteRemoval()
    }

    override var name: String { "list" }

    /// The handlers, in the order of their registration; for the writer.
    var handlers: [RegisteredHandler] {
        var handlers: [RegisteredHandler] = []
        filedHandlers.forEach { filed in
            if let handler = filed.live { handlers.append(handler.takeUnretainedValue()) }
        }
        return handlers
    }
}

/// Handlers by a key that has to be nil.
final class NilLane: Lane {
    private let condition: Condition
    private let filedHandlers = FiledHandlers<FilingTerms>()

    init(key: Int, _ condition: Condition) {
        self.condition = condition
        super.init(key: key)
    }

    override func collect(into reading: inout EventReading) {
        if condition.holds(at: reading.value(of: key)) { reading.take(filedHandlers) }
    }

    /// Files a handler.
    func file(_ handler: RegisteredHandler, _ terms: FilingTerms, _ write: TableWrite) {
        noteFiling()
        filedHandlers.append(handler, terms, write)
    }

    override var byteCount: Int { filedHandlers.byteCount }

    override func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ write: TableWrite) {
        filedHandlers.remove(registration, write)
        noteRemoval()
    }

    override var name: String { "nil" }
}
