extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}

extension ArraySlice<UInt8> {
    /// The text; bytes that are not UTF-8 become U+FFFD.
    var text: String { String(decoding: self, as: UTF8.self) }

    func begins(with literal: StaticString) -> Bool {
        literal.withUTF8Buffer { expected in
            guard count >= expected.count else { return false }
            var index = startIndex
            for byte in expected {
                guard self[index] == byte else { return false }
                index += 1
            }
            return true
        }
    }

    /// What stands before a literal at the end; nil when the text does not end with it.
    func removing(suffix literal: StaticString) -> ArraySlice<UInt8>? {
        suffix(literal.utf8CodeUnitCount).begins(with: literal) ? dropLast(literal.utf8CodeUnitCount) : nil
    }

    /// Where a literal stands last; nil when it does not.
    func lastIndex(of literal: StaticString) -> Int? {
        var candidate = endIndex - literal.utf8CodeUnitCount
        while candidate >= startIndex {
            if self[candidate...].begins(with: literal) { return candidate }
            candidate -= 1
        }
        return nil
    }

    /// Where a literal stands first; nil when it does not.
    func firstIndex(of literal: StaticString) -> Int? {
        indices.first { self[$0...].begins(with: literal) }
    }

    /// Splits at the last place where a literal stands and what follows it can be read by `parse`.
    ///
    /// User names come from clients and may hold anything, even what looks like the rest of a line: hence from the right.
    func splitAtLast<Value>(
        _ literal: StaticString,
        _ parse: (ArraySlice<UInt8>) -> Value?
    ) -> (before: ArraySlice<UInt8>, after: Value)? {
        var searched = self
        while let index = searched.lastIndex(of: literal) {
            if let value = parse(self[(index + literal.utf8CodeUnitCount)...]) { return (self[..<index], value) }
            searched = self[..<index]
        }
        return nil
    }

    var withoutLeadingSpaces: ArraySlice<UInt8> { drop { $0 == UInt8(ascii: " ") } }

    var withoutTrailingSpaces: ArraySlice<UInt8> {
        var trimmed = self
        while trimmed.last == UInt8(ascii: " ") || trimmed.last == UInt8(ascii: "\t") { trimmed.removeLast() }
        return trimmed
    }
}
