/// Reads a text from its front, byte by byte.
///
/// Log lines are bytes: they need not be UTF-8, and turning every line into a string would cost more than parsing it.
struct ByteScanner {
    /// What is left to read.
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// Skips a literal; when the text does not go on with it, skips nothing and returns false.
    mutating func skip(_ literal: StaticString) -> Bool {
        guard rest.begins(with: literal) else { return false }
        rest = rest.dropFirst(literal.utf8CodeUnitCount)
        return true
    }

    /// Skips any number of spaces.
    mutating func skipSpaces() { rest = rest.withoutLeadingSpaces }

    /// Reads up to the next space, or to the end; the space stays.
    mutating func word() -> ArraySlice<UInt8> {
        let word = rest.prefix { $0 != UInt8(ascii: " ") }
        rest = rest[word.endIndex...]
        return word
    }

    /// Reads a decimal number of at most nine digits.
    mutating func number() -> Int? {
        let digits = rest.prefix { $0.isDigit }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest[digits.endIndex...]
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
