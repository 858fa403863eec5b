/// An element that a key's value, a collection, has to contain.
struct ElementForm {
    let element: MemberForm
    /// Calls a closure with each element of a collection.
    let forEachElement: (UnsafeRawPointer, (UnsafeRawPointer) -> Void) -> Void
}

/// A collection that contains what one of its elements equals, and whose elements are all there: not computed, as those of
/// `0..<Int.max` are.
protocol StoredElements: Collection {}

extension Array: StoredElements {}
extension ArraySlice: StoredElements {}
extension ContiguousArray: StoredElements {}
extension Set: StoredElements {}
