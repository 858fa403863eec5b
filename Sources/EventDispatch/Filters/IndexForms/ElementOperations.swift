/// How to go through a collection whose type is not known, specialised for it where a filter is written.
@usableFromInline
struct ElementOperations: @unchecked Sendable {
    // Sound: as with `HashOperations`.

    /// Those of the elements.
    let hashing: HashOperations
    /// Calls a closure with each element of a collection.
    let forEach: (UnsafeRawPointer, (UnsafeRawPointer) -> Void) -> Void

    @usableFromInline
    init(hashing: HashOperations, forEach: @escaping (UnsafeRawPointer, (UnsafeRawPointer) -> Void) -> Void) {
        self.hashing = hashing
        self.forEach = forEach
    }

    @inlinable
    init<Elements: Collection>(of type: Elements.Type) where Elements.Element: Hashable {
        self.init(
            hashing: HashOperations(of: Elements.Element.self),
            forEach: { collection, body in
                for element in collection.assumingMemoryBound(to: Elements.self).pointee {
                    withUnsafePointer(to: element) { body(UnsafeRawPointer($0)) }
                }
            }
        )
    }
}
