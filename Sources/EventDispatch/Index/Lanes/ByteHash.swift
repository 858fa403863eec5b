/// A hash of bytes that can be asked for its value at any of them.
///
/// It resists no attacks, and need not: what stands in the tables comes from the program's own filters.
struct ByteHash {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }

    @inline(__always)
    var value: Int { state.spread }
}

extension UInt64 {
    /// A hash of the number: neighbours lie far apart, and every bit counts for the low ones.
    @inline(__always)
    var spread: Int {
        let product = self &* 0x9E37_79B9_7F4A_7C15
        return Int(bitPattern: UInt(product ^ product >> 32))
    }
}
