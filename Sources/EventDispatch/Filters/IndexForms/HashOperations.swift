/// How to make the operations of a type when they are needed: a condition holds only this.
@usableFromInline
struct HashOperationsMaker: @unchecked Sendable {
    // Sound: as with `HashOperations`.
    let make: () -> HashOperations

    @usableFromInline
    init(_ make: @escaping () -> HashOperations) { self.make = make }

    @inlinable
    init<Value: Hashable>(of type: Value.Type) { self.init { HashOperations(of: Value.self) } }

    /// Those of a type whose values are only compared.
    @inlinable
    init<Value: Equatable>(comparing type: Value.Type) {
        self.init {
            HashOperations(
                hash: { _ in 0 },
                equals: { left, right in
                    left.assumingMemoryBound(to: Value.self).pointee
                        == right.assumingMemoryBound(to: Value.self).pointee
                }
            )
        }
    }
}

/// The `hash` and `==` of a type that is not known, specialised for it where a filter is written.
///
/// A dictionary lookup by a string takes 140 ns in generic code that is not specialised, 69 ns in a closure that was made in
/// inlinable code.
@usableFromInline
struct HashOperations: @unchecked Sendable {
    // Sound: the closures capture types only, of values that filters require to be `Sendable`, so that their conformances are
    // bound to no actor.
    let hash: (UnsafeRawPointer) -> Int
    let equals: (UnsafeRawPointer, UnsafeRawPointer) -> Bool

    @usableFromInline
    init(
        hash: @escaping (UnsafeRawPointer) -> Int,
        equals: @escaping (UnsafeRawPointer, UnsafeRawPointer) -> Bool
    ) {
        self.hash = hash
        self.equals = equals
    }

    /// The type's own `==`, and its own `hash` but for texts.
    @inlinable
    init<Value: Hashable>(of type: Value.Type) {
        if Value.self == String.self {
            self = .ofTexts
            return
        }
        if Value.self == String?.self {
            self = .ofOptionalTexts
            return
        }
        self.init(
            hash: { $0.assumingMemoryBound(to: Value.self).pointee.hashValue },
            equals: { left, right in
                left.assumingMemoryBound(to: Value.self).pointee == right.assumingMemoryBound(to: Value.self).pointee
            }
        )
    }

    /// Those of references, by which object they refer to; the type is a class, or an optional one.
    static func ofReferences<Value>(_ type: Value.Type) -> HashOperations {
        let object = { (value: UnsafeRawPointer) -> AnyObject? in
            value.assumingMemoryBound(to: Value.self).pointee as AnyObject?
        }
        return HashOperations(
            hash: { object($0).map { ObjectIdentifier($0).hashValue } ?? 0 },
            equals: { object($0) === object($1) }
        )
    }
}

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
