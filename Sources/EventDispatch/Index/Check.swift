/// Something that has to hold for a handler that an event found, beside what it was found by.
///
/// The checks of a handler stand behind each other in memory, and end with one of the kind `end`.
struct Check: Hashable {
    enum Kind: UInt8 {
        case end
        /// What was looked up is a node.
        case node
        /// What was looked up is one of the nodes of the checks that follow.
        case oneOf
        /// Among the elements that were looked up is a node.
        case element
        /// A condition holds for a key.
        case condition
        /// A part of a filter holds.
        case part
    }

    let kind: Kind
    let isNegated: Bool
    /// The lookup or the key.
    let slot: UInt32
    /// How many checks follow that belong to this one.
    let count: UInt16
    /// The address of the node, condition or part.
    let subject: UInt

    static let end = Check(.end)

    init(_ kind: Kind, slot: Int = 0, _ subject: UnsafeRawPointer? = nil, isNegated: Bool = false, count: Int = 0) {
        self.kind = kind
        self.isNegated = isNegated
        self.slot = UInt32(slot)
        self.count = UInt16(count)
        self.subject = UInt(bitPattern: subject)
    }

    var pointer: UnsafeRawPointer { UnsafeRawPointer(bitPattern: subject).unsafelyUnwrapped }

    /// Calls a closure with the lookup and the address of the node, if the check names one.
    func noteNode(_ body: (Int, UnsafeMutablePointer<ValueNode>) -> Void) {
        guard kind == .node || kind == .element, let node = UnsafeMutablePointer<ValueNode>(bitPattern: subject) else {
            return
        }
        body(Int(slot), node)
    }
}
