/// Makes text that others chose safe to print.
public enum TerminalText {
    /// The text with everything escaped that could steer a terminal or forge a line: control characters, line
    /// separators, and invisible formatting such as the controls of writing direction.
    public static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if mustBeEscaped(scalar) { result += escape(scalar) } else { result.unicodeScalars.append(scalar) }
        }
    }

    /// The text escaped, and cut where it is longer than `length` characters of the escaped text.
    public static func escaped(_ text: String, upTo length: Int) -> String {
        // One escape is at least one character long, so nothing that could be shown is lost here.
        let escaped = escaped(String(String.UnicodeScalarView(text.unicodeScalars.prefix(length + 1))))
        return escaped.count > length ? escaped.prefix(length - 1) + "…" : escaped
    }

    private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\0": "\\0"
        case "\t": "\\t"
        case "\r": "\\r"
        case "\n": "\\n"
        default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
    }
}
