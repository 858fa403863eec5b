import Synchronization

/// A way in which events find handlers: by what the value of one key equals, contains, lies in, or looks like.
///
/// One writer files handlers and takes them out; any number of fires collect meanwhile.
class Lane {
    /// The index of the key.
    final let key: Int
    /// The number of the lane in its table; set once, before anything is filed.
    final var number: UInt32 = 0
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

/// A lane that looks values up in a hash table: a value is looked up once an event, and what was found serves the checks of
/// handlers that are filed elsewhere too.
class LookupLane: Lane {
    /// The index of the lookup.
    final let lookup: Int
    private let layout: ValueLayout
    private let operations: HashOperations
    private let nodes = NodeTable<FilingTerms>()

    init(key: Int, lookup: Int, _ form: MemberForm) {
        self.lookup = lookup
        layout = form.layout
        operations = form.operations
        super.init(key: key)
    }

    deinit {
        nodes.forEach { ValueNode.free($0, layout) }
    }

    /// Calls a closure with each element of a key's value, where that is a collection.
    func forEachElement(of value: UnsafeRawPointer, _ body: (UnsafeRawPointer) -> Void) {
        preconditionFailure("only an ElementLane has elements")
    }

    /// The node of a value; nil where no handler names the value.
    final func find(_ value: UnsafeRawPointer) -> UnsafeMutablePointer<ValueNode>? {
        nodes.find(hash: { operations.hash(value) }) { node in
            operations.equals(value, ValueNode.value(of: node, alignment: layout.alignment))
        }
    }

    /// The node of a value that a handler names, which keeps it until it no longer does.
    ///
    /// - Parameter condition: the condition that names this value only; nil for one that names others too.
    final func mention(
        _ value: UnsafeRawPointer,
        by condition: Condition?,
        _ write: TableWrite
    ) -> UnsafeMutablePointer<ValueNode> {
        let node = find(value) ?? insert(value, filing: nil, write)
        noteMention(of: node, by: condition, write)
        return node
    }

    private func noteMention(
        of node: UnsafeMutablePointer<ValueNode>,
        by condition: Condition?,
        _ write: TableWrite
    ) {
        node.pointee.mentions.wrappingAdd(1, ordering: .relaxed)
        guard let condition else { return }
        if let kept = node.pointee.condition, kept._withUnsafeGuaranteedRef({ $0.key === condition.key }) {
            kept._withUnsafeGuaranteedRef { write.replace(condition, by: $0) }
        } else if let old = node.pointee.keep(condition) {
            // Of a key that was named for the first time then, and has another name now, which all later conditions share.
            write.append(.object(old))
        }
    }

    private func insert(
        _ value: UnsafeRawPointer,
        filing filed: (RegisteredHandler, FilingTerms)?,
        _ write: TableWrite
    ) -> UnsafeMutablePointer<ValueNode> {
        let node = ValueNode.make(hash: operations.hash(value), value, layout, filing: filed)
        nodes.insert(node, write)
        return node
    }

    /// Notes that a handler no longer names a value.
    final func unmention(_ node: UnsafeMutablePointer<ValueNode>, _ write: TableWrite) {
        guard node.pointee.mentions.wrappingSubtract(1, ordering: .relaxed).newValue == 0 else { return }
        nodes.remove(node, write)
        write.append(.node(node, layout))
    }

    /// How many handlers name a value.
    final func mentions(of value: UnsafeRawPointer) -> Int {
        find(value)?.pointee.mentions.load(ordering: .relaxed) ?? 0
    }

    /// How many values handlers name.
    override final var valueCount: Int? { nodes.count }

    /// Files a handler under a value, and returns the place.
    final func file(
        _ handler: RegisteredHandler,
        _ value: UnsafeRawPointer,
        of condition: Condition?,
        _ terms: FilingTerms,
        _ write: TableWrite
    ) -> UnsafeMutableRawPointer {
        let known = find(value)
        known?.pointee.filedHandlers.append(handler, terms, write)
        let node = known ?? insert(value, filing: (handler, terms), write)
        noteMention(of: node, by: condition, write)
        noteFiling()
        return UnsafeMutableRawPointer(node)
    }

    override var byteCount: Int { nodes.byteCount(layout) }

    override func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ write: TableWrite) {
        let node = place.assumingMemoryBound(to: ValueNode.self)
        node.pointee.filedHandlers.remove(registration, write)
        noteRemoval()
        unmention(node, write)
    }
}

/// Handlers by an element that a key, a collection, has to contain.
final class ElementLane: LookupLane {
    private let visit: (UnsafeRawPointer, (UnsafeRawPointer) -> Void) -> Void

    init(key: Int, lookup: Int, _ form: ElementForm) {
        visit = form.forEachElement
        super.init(key: key, lookup: lookup, form.element)
    }

    override func forEachElement(of value: UnsafeRawPointer, _ body: (UnsafeRawPointer) -> Void) { visit(value, body) }

    override func collect(into reading: inout EventReading) {
        guard !reading.isNew(lookup: lookup) else { return }
        var next = reading.elements(lookup)
        while let element = next {
            reading.take(element.pointee.node.pointee.filedHandlers)
            next = element.pointee.next
        }
    }

    override var name: String { "elements" }
}
