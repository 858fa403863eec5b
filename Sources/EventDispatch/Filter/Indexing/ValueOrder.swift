/// How to make the order of a type when it is needed: a condition holds only this.
@usableFromInline
struct ValueOrderMaker: @unchecked Sendable {
    // Sound: as with `HashOperations`.
    let make: () -> ValueOrder

    @usableFromInline
    init(_ make: @escaping () -> ValueOrder) { self.make = make }

    @inlinable
    init<Value: Comparable>(of type: Value.Type) { self.init { ValueOrder(of: Value.self) } }
}

/// The order of a type that is not known.
@usableFromInline
struct ValueOrder: @unchecked Sendable {
    // Sound: as with `HashOperations`.

    /// The type's own `<`, specialised for it where a filter is written.
    let precedes: (UnsafeRawPointer, UnsafeRawPointer) -> Bool
    /// The type's own `>=`, which need not be the opposite: NaN is neither less than anything nor at least anything.
    let reaches: (UnsafeRawPointer, UnsafeRawPointer) -> Bool
    /// The place of a value among all that there can be, nil for one that is in no order; nil where the type has none.
    let rank: ((UnsafeRawPointer) -> UInt64?)?

    @usableFromInline
    init(
        precedes: @escaping (UnsafeRawPointer, UnsafeRawPointer) -> Bool,
        reaches: @escaping (UnsafeRawPointer, UnsafeRawPointer) -> Bool,
        rank: ((UnsafeRawPointer) -> UInt64?)?
    ) {
        self.precedes = precedes
        self.reaches = reaches
        self.rank = rank
    }

    @inlinable
    init<Value: Comparable>(of type: Value.Type) {
        self.init(
            precedes: { left, right in
                left.assumingMemoryBound(to: Value.self).pointee < right.assumingMemoryBound(to: Value.self).pointee
            },
            reaches: { left, right in
                left.assumingMemoryBound(to: Value.self).pointee >= right.assumingMemoryBound(to: Value.self).pointee
            },
            rank: rankOfNumbers(type)
        )
    }
}

/// The ranks of the standard library's numbers: greater numbers have greater ranks, equal ones equal ranks, and there is no
/// other number between two whose ranks are neighbours.
@usableFromInline
func rankOfNumbers<Value>(_ type: Value.Type) -> ((UnsafeRawPointer) -> UInt64?)? {
    switch type {
    case is Int.Type: { rank(of: $0.load(as: Int.self)) }
    case is Int64.Type: { rank(of: $0.load(as: Int64.self)) }
    case is Int32.Type: { rank(of: $0.load(as: Int32.self)) }
    case is Int16.Type: { rank(of: $0.load(as: Int16.self)) }
    case is Int8.Type: { rank(of: $0.load(as: Int8.self)) }
    case is UInt.Type: { UInt64($0.load(as: UInt.self)) }
    case is UInt64.Type: { $0.load(as: UInt64.self) }
    case is UInt32.Type: { UInt64($0.load(as: UInt32.self)) }
    case is UInt16.Type: { UInt64($0.load(as: UInt16.self)) }
    case is UInt8.Type: { UInt64($0.load(as: UInt8.self)) }
    case is Double.Type: { rank(of: $0.load(as: Double.self)) }
    case is Float.Type: { rank(of: Double($0.load(as: Float.self))) }
    default: nil
    }
}

private func rank(of integer: some FixedWidthInteger & SignedInteger) -> UInt64 {
    UInt64(bitPattern: Int64(integer)) ^ 1 << 63
}

/// Floating-point numbers are ordered as their bits are, but for the sign. The ranks of floats that are widened leave gaps,
/// which does no harm: nothing lies in them.
private func rank(of number: Double) -> UInt64? {
    if number.isNaN { return nil }
    let bits = (number == 0 ? 0 : number).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
}
