/// A hash of texts that is made from their bytes, eight at a time. It takes a few nanoseconds; `String.hashValue` takes 25.
///
/// Texts are equal where they are canonically equivalent, and equal texts must have one hash. ASCII texts are equal only if their bytes
/// are. Other texts take the hash of `String`, except for those that are equivalent to an ASCII text, which take the hash of that: there
/// are three scalars that make such texts.
///
/// The hash begins with a number that each process draws, as `String`'s does, so nobody can prepare texts that collide. Whether a text is
/// the right one, `==` decides: texts that do collide cost comparisons.
enum TextHash {
    /// As random as the standard library's hashes; the same in each process only where these are.
    static let seed = UInt64(bitPattern: Int64(Hasher().finalize()))
    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The hash of a text.
    static func hash(_ text: String) -> Int {
        if let known = text.utf8.withContiguousStorageIfAvailable({ hash(ofASCII: $0) }) {
            return known ?? hash(ofForeign: text)
        }
        var contiguous = text
        return contiguous.withUTF8({ hash(ofASCII: $0) }) ?? hash(ofForeign: text)
    }

    /// The hash of bytes; nil where one of them isn't ASCII.
    private static func hash(ofASCII bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let bytes = UnsafeRawBufferPointer(bytes)
        var state = seed
        var all: UInt64 = 0
        var offset = 0
        while offset &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            all |= word
            state = mixed(state ^ word)
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset &+= 1
        }
        guard (all | rest) & highBits == 0 else { return nil }
        // The rest has seven bytes at most. The length stands in the eighth, where no byte can make up for it.
        return Int(truncatingIfNeeded: mixed(state ^ rest ^ UInt64(truncatingIfNeeded: bytes.count) << 56))
    }

    private static func mixed(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: multiplier)
        return product.high ^ product.low
    }

    /// The hash of a text that isn't ASCII.
    private static func hash(ofForeign text: String) -> Int {
        var equivalent = ""
        for scalar in text.unicodeScalars {
            guard let ascii = scalar.equivalentInASCII else { return text.hashValue }
            equivalent.unicodeScalars.append(ascii)
        }
        return hash(equivalent)
    }
}

extension Unicode.Scalar {
    /// The ASCII scalar that is canonically equivalent to this one, or this one if it is ASCII; nil where there is none.
    var equivalentInASCII: Unicode.Scalar? {
        switch self {
        case "\u{212A}": "K"
        case "\u{37E}": ";"
        case "\u{1FEF}": "`"
        default: isASCII ? self : nil
        }
    }
}

extension HashOperations {
    /// Those of texts.
    @usableFromInline static var ofTexts: HashOperations {
        HashOperations(
            hash: { TextHash.hash($0.assumingMemoryBound(to: String.self).pointee) },
            equals: { left, right in
                left.assumingMemoryBound(to: String.self).pointee == right.assumingMemoryBound(to: String.self).pointee
            }
        )
    }

    /// Those of optional texts.
    @usableFromInline static var ofOptionalTexts: HashOperations {
        HashOperations(
            hash: { $0.assumingMemoryBound(to: String?.self).pointee.map { TextHash.hash($0) } ?? 0 },
            equals: { left, right in
                left.assumingMemoryBound(to: String?.self).pointee
                    == right.assumingMemoryBound(to: String?.self).pointee
            }
        )
    }
}
