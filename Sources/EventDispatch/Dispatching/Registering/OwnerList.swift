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
    private var position = 0

    mutating func add(_ owner: HandlerOwner, event: ObjectIdentifier) {
        entries.append(Entry(owner: owner, event: event))
    }

    mutating func remove(_ owners: [HandlerOwner]) {
        let removed = Set(owners.map { ObjectIdentifier($0) })
        entries.removeAll { removed.contains(ObjectIdentifier($0.owner)) }
    }

    /// Up to a number of entries, going on where the last call ended.
    mutating func next(_ count: Int) -> ArraySlice<Entry> {
        if position >= entries.count { position = 0 }
        let slice = entries[position...].prefix(count)
        position = slice.endIndex
        return slice
    }
}
