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
            reading.take(element.pointee.node.pointee.postings)
            next = element.pointee.next
        }
    }

    override var name: String { "elements" }
}
