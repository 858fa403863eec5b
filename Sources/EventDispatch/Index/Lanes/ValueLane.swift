/// Handlers by a value that a key has to equal, by the type's own `==`, or by the object that it has to be.
final class ValueLane: LookupLane {
    override func collect(into reading: inout EventReading) {
        guard !reading.isNew(lookup: lookup) else { return }
        if let node = reading.node(lookup) { reading.take(node.pointee.postings) }
    }

    override var name: String { "values" }
}
