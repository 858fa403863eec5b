import Synchronization

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
        let node = find(value) ?? insert(value, write)
        node.pointee.mentions.wrappingAdd(1, ordering: .relaxed)
        if let condition {
            if node.pointee.condition == nil { node.pointee.keep(condition) }
            node.pointee.condition?._withUnsafeGuaranteedRef { write.replace(condition, by: $0) }
        }
        return node
    }

    private func insert(_ value: UnsafeRawPointer, _ write: TableWrite) -> UnsafeMutablePointer<ValueNode> {
        let node = ValueNode.make(hash: operations.hash(value), value, layout)
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
        let node = mention(value, by: condition, write)
        node.pointee.filedHandlers.append(handler, terms, write)
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
