extension StringProtocol {
    /// Whether all of the text is ASCII, where a Character is a byte, but for line breaks.
    var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
