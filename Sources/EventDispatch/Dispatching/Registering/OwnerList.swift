/// The `weak:` handlers, whose owners are to be asked whether they live.
///
/// Swift tells nobody that a weakly held object died, so somebody has to look. A registration and a listing look at all of
/// them, a fire at a bounded number in turn, so that its cost does not grow with the number of owners.
struct OwnerList: Sendable {
    private(set) var handlers: [RegisteredHandler] = []
    private var positions: [ObjectIdentifier: Int] = [:]
    private var nextPosition = 0

    mutating func add(_ handler: RegisteredHandler) {
        positions[ObjectIdentifier(handler)] = handlers.count
        handlers.append(handler)
    }

    /// Takes a handler out; the last one takes its place.
    mutating func remove(_ handler: RegisteredHandler) {
        guard let position = positions.removeValue(forKey: ObjectIdentifier(handler)) else { return }
        handlers.swapAt(position, handlers.count - 1)
        handlers.removeLast()
        if position < handlers.count { positions[ObjectIdentifier(handlers[position])] = position }
    }

    /// Up to a number of handlers, going on where the last call ended.
    mutating func next(_ count: Int) -> [RegisteredHandler] {
        if nextPosition >= handlers.count { nextPosition = 0 }
        let slice = handlers[nextPosition...].prefix(count)
        nextPosition = slice.endIndex
        return slice.unshared
    }
}
