/// A random number generator whose numbers follow from its seed, the same on every machine.
package struct SplitMix64: RandomNumberGenerator {
    @usableFromInline
    var state: UInt64

    @inlinable
    package init(seed: UInt64) { state = seed }

    @inlinable
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// A number from 0 on, less than a bound.
    @inlinable
    package mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
