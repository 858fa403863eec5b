/// A part of a filter that is checked as a whole: alternatives, a negated conjunction, or a closure.
final class FilterPart: @unchecked Sendable {
    // Sound: immutable; what its checks point at lives as long as the handler that has the part.
    indirect enum Node {
        case check([Check])
        case satisfying(@Sendable (EventReference) -> Bool)
        case not(Node)
        case all([Node])
        case any([Node])
    }

    let root: Node

    init(_ root: Node) { self.root = root }

    /// Whether the part holds for an event.
    func holds(in reading: inout EventReading) -> Bool { Self.holds(root, &reading) }

    private static func holds(_ node: Node, _ reading: inout EventReading) -> Bool {
        switch node {
        case .check(let checks):
            return checks.withUnsafeBufferPointer { checks in
                reading.holds(checks[0], following: checks.baseAddress.map { $0 + 1 })
            }
        case .satisfying(let predicate): return predicate(reading.event)
        case .not(let node): return !holds(node, &reading)
        case .all(let nodes):
            for node in nodes where !holds(node, &reading) { return false }
            return true
        case .any(let nodes):
            for node in nodes where holds(node, &reading) { return true }
            return false
        }
    }

    /// Calls a closure with the lookup and every node that a check names.
    func forEachNode(_ body: (Int, UnsafeMutablePointer<ValueNode>) -> Void) { Self.forEachNode(root, body) }

    private static func forEachNode(_ node: Node, _ body: (Int, UnsafeMutablePointer<ValueNode>) -> Void) {
        switch node {
        case .check(let checks): for check in checks { check.noteNode(body) }
        case .satisfying: break
        case .not(let node): forEachNode(node, body)
        case .all(let nodes), .any(let nodes): for node in nodes { forEachNode(node, body) }
        }
    }
}
