/// The owners of `weak:` handlers, to be asked whether they live.
///
/// Swift tells nobody that a weakly held object died, so somebody has to look. A registration and a listing look at all of
/// them, a fire at a bounded number in turn, so that its cost does not grow with the number of owners.
struct OwnerList: Sendable {
    /// A handler's owner and the type of event it is registered for.
    struct Entry: Sendable {
        let owner: HandlerOwner
        let event: ObjectIdentifier
    }

    private(set) var entries: [Entry] = []
    private var positions: [ObjectIdentifier: Int] = [:]
    private var nextPosition = 0

    mutating func add(_ owner: HandlerOwner, event: ObjectIdentifier) {
        positions[ObjectIdentifier(owner)] = entries.count
        entries.append(Entry(owner: owner, event: event))
    }

    /// Takes an owner out; the last one takes its place.
    mutating func remove(_ owner: HandlerOwner) {
        guard let position = positions.removeValue(forKey: ObjectIdentifier(owner)) else { return }
        entries.swapAt(position, entries.count - 1)
        entries.removeLast()
        if position < entries.count { positions[ObjectIdentifier(entries[position].owner)] = position }
    }

    /// Up to a number of entries, going on where the last call ended.
    mutating func next(_ count: Int) -> ArraySlice<Entry> {
        if nextPosition >= entries.count { nextPosition = 0 }
        let slice = entries[nextPosition...].prefix(count)
        nextPosition = slice.endIndex
        return slice
    }
}
