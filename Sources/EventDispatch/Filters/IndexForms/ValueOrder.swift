/// How to make the order of a type when it is needed: a condition holds only this.
@usableFromInline
struct ValueOrderMaker: @unchecked Sendable {
    // Sound: as with `HashOperations`.
    let make: () -> ValueOrder

    @usableFromInline
    init(_ make: @escaping () -> ValueOrder) { self.make = make }

    @inlinable
    init<Value: Comparable>(of type: Value.Type) { self.init { ValueOrder(of: Value.self) } }

    @inlinable
    init<Value: Comparable>(ofOptional type: Value.Type) { self.init { ValueOrder(ofOptional: Value.self) } }
}

/// The order of a type that is not known: its own operators, specialised for it where a filter is written.
///
/// None of them need be the opposite of another: NaN is neither less than anything nor at least anything, and in a partial order
/// there are values neither of which is less.
@usableFromInline
struct ValueOrder: @unchecked Sendable {
    // Sound: as with `HashOperations`.

    @usableFromInline typealias Comparison = (UnsafeRawPointer, UnsafeRawPointer) -> Bool

    let isLess: Comparison
    let isAtMost: Comparison
    let isGreater: Comparison
    let isAtLeast: Comparison
    let equals: Comparison
    /// The place of a value among all that there can be, nil for one that is in no order; nil where the type has none.
    let rank: ((UnsafeRawPointer) -> UInt64?)?
    /// Whether a value is known to stand in one order with all others that do; nil where all are.
    private let orderedness: ((UnsafeRawPointer) -> Bool)?

    /// Whether the order is known to be total: of two values one is less, or they are equal, or nothing is true of one of them.
    var isTotal: Bool { orderedness == nil }

    @usableFromInline
    init(
        isLess: @escaping Comparison,
        isAtMost: @escaping Comparison,
        isGreater: @escaping Comparison,
        isAtLeast: @escaping Comparison,
        equals: @escaping Comparison,
        rank: ((UnsafeRawPointer) -> UInt64?)?,
        orderedness: ((UnsafeRawPointer) -> Bool)?
    ) {
        self.isLess = isLess
        self.isAtMost = isAtMost
        self.isGreater = isGreater
        self.isAtLeast = isAtLeast
        self.equals = equals
        self.rank = rank
        self.orderedness = orderedness
    }

    @inlinable
    init<Value: Comparable>(of type: Value.Type) {
        let rank = rankOfNumbers(type)
        self.init(
            isLess: { left, right in
                left.assumingMemoryBound(to: Value.self).pointee < right.assumingMemoryBound(to: Value.self).pointee
            },
            isAtMost: { left, right in
                left.assumingMemoryBound(to: Value.self).pointee <= right.assumingMemoryBound(to: Value.self).pointee
            },
            isGreater: { left, right in
                left.assumingMemoryBound(to: Value.self).pointee > right.assumingMemoryBound(to: Value.self).pointee
            },
            isAtLeast: { left, right in
                left.assumingMemoryBound(to: Value.self).pointee >= right.assumingMemoryBound(to: Value.self).pointee
            },
            equals: { left, right in
                left.assumingMemoryBound(to: Value.self).pointee == right.assumingMemoryBound(to: Value.self).pointee
            },
            rank: rank,
            orderedness: rank == nil ? orderednessOfValues(type) : nil
        )
    }

    /// The order of the values of optionals. Nil is in none: it's neither less nor greater than any, nor equal to one.
    @inlinable
    init<Value: Comparable>(ofOptional type: Value.Type) {
        let rank = rankOfNumbers(type)
        let orderedness = rank == nil ? orderednessOfValues(type) : nil
        self.init(
            isLess: { Self.compare($0, $1, as: Value.self, <) },
            isAtMost: { Self.compare($0, $1, as: Value.self, <=) },
            isGreater: { Self.compare($0, $1, as: Value.self, >) },
            isAtLeast: { Self.compare($0, $1, as: Value.self, >=) },
            equals: { Self.compare($0, $1, as: Value.self, ==) },
            rank: rank.map { rank in { Self.withValue($0, as: Value.self, rank) ?? nil } },
            orderedness: orderedness.map { orderedness in { Self.withValue($0, as: Value.self, orderedness) ?? true } }
        )
    }

    @inlinable
    static func compare<Value: Comparable>(
        _ left: UnsafeRawPointer,
        _ right: UnsafeRawPointer,
        as type: Value.Type,
        _ holds: (Value, Value) -> Bool
    ) -> Bool {
        guard let left = left.assumingMemoryBound(to: Value?.self).pointee,
            let right = right.assumingMemoryBound(to: Value?.self).pointee
        else { return false }
        return holds(left, right)
    }

    /// Calls a closure with the value of an optional; nil where it has none.
    @inlinable
    static func withValue<Value, Result>(
        _ optional: UnsafeRawPointer,
        as type: Value.Type,
        _ body: (UnsafeRawPointer) -> Result
    ) -> Result? {
        optional.assumingMemoryBound(to: Value?.self).pointee.map { value in
            withUnsafePointer(to: value) { body(UnsafeRawPointer($0)) }
        }
    }

    /// Whether what `<` says of a value is known to go with what it says of others.
    @inline(__always)
    func isOrdered(_ value: UnsafeRawPointer) -> Bool { orderedness?(value) ?? true }
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

/// Which values of a type that has no ranks stand in one order; nil for all. Of a type that is not known none do: its `<` may be that
/// of texts in disguise.
///
/// Swift's `<` of texts compares the bytes of most texts, and normalizes others, of which it then says now one thing and now another:
/// neither of `"e\u{301}"` and `"\u{E9}a"` is less than the other, nor are they equal.
@usableFromInline
func orderednessOfValues<Value>(_ type: Value.Type) -> ((UnsafeRawPointer) -> Bool)? {
    switch type {
    case is String.Type: { isOrdinary($0.assumingMemoryBound(to: String.self).pointee) }
    case is Substring.Type: { isOrdinary($0.assumingMemoryBound(to: Substring.self).pointee) }
    case is Character.Type: { isOrdinary(String($0.assumingMemoryBound(to: Character.self).pointee)) }
    // A program may declare an order of all optionals. Tables find them by that of their values, in which nil isn't.
    case is any ExpressibleByNilLiteral.Type: { _ in false }
    case is any TotallyOrdered.Type: nil
    default: { _ in false }
    }
}

/// Whether a text has only scalars that no other text writes in another way, so that it is less than others of the kind if its bytes
/// are: Latin, Cyrillic, kana, Chinese, and Korean in syllables.
private func isOrdinary(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { $0 < 0xCC } || text.unicodeScalars.allSatisfy(isOrdinary)
}

/// Combining marks begin at U+0300.
private func isOrdinary(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x300, 0x400..<0x483, 0x48A..<0x530, 0x3041..<0x3097, 0x30A1..<0x30FB, 0x4E00..<0xA000, 0xAC00..<0xD7A4:
        true
    default: false
    }
}

/// A type whose values all stand in one order: of two that differ, one is less, and what is less than a lesser one is less.
///
/// Conditions on the order of such a type are found by the index. Of any other type nothing is known about `<`, so each condition is
/// asked. The standard library's numbers, durations and instants conform; so does `Date` in a program that links
/// `EventDispatchFoundation`. Declare it for a type of yours whose `<` compares numbers, one after the other:
///
/// ```swift
/// extension Version: TotallyOrdered {}
/// ```
///
/// A type that goes by strings isn't one: Swift's `<` of strings is no total order for all texts.
public protocol TotallyOrdered: Comparable {}

extension Int128: TotallyOrdered {}
extension UInt128: TotallyOrdered {}
extension Duration: TotallyOrdered {}
extension ContinuousClock.Instant: TotallyOrdered {}
extension SuspendingClock.Instant: TotallyOrdered {}
