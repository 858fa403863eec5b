/// How long source may be in explanations and errors, in Characters.
enum SourceLength {
    static let value = 80
    static let filter = 200
}

/// Source on one line, cut where it is longer than a number of Characters.
func shortSource(_ source: String, _ length: Int) -> String {
    let source = escapingControlCharacters(source)
    guard let end = source.index(source.startIndex, offsetBy: length, limitedBy: source.endIndex), end < source.endIndex
    else { return source }
    return source[..<end] + "…"
}
