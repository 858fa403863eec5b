/// An element of an event's collection that a table has a node for, and the others.
struct FoundElement {
    let node: UnsafeMutablePointer<ValueNode>
    let next: UnsafeMutablePointer<FoundElement>?

    func contains(_ node: UnsafeMutablePointer<ValueNode>) -> Bool { contains(UInt(bitPattern: node)) }

    func contains(_ address: UInt) -> Bool {
        if UInt(bitPattern: node) == address { return true }
        var other = next
        while let element = other {
            if UInt(bitPattern: element.pointee.node) == address { return true }
            other = element.pointee.next
        }
        return false
    }
}
