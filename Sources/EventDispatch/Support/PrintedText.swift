/// How long source may be in explanations, listings and errors, in Unicode scalars.
enum PrintedLength {
    static let value = 80
    static let filter = 200
    /// Several filters or conditions after each other.
    static let filters = 800
}

/// Source that is being written on one line, with control characters escaped, up to a length: what would be cut is not made.
@usableFromInline
struct PrintedText {
    private var text = ""
    /// How many scalars still fit.
    private(set) var room: Int
    /// Whether something did not fit. Whoever writes a list stops then.
    private(set) var isFull = false

    /// Source of a length, in Unicode scalars: of any length unless told otherwise.
    init(atMost length: Int = .max) { room = length }

    /// The text, with an ellipsis where it is cut.
    var result: String { isFull ? text + "…" : text }

    /// Adds text, as far as it fits.
    mutating func append(_ piece: some StringProtocol) {
        for scalar in piece.unicodeScalars {
            if isFull { return }
            if isControl(scalar) {
                for escaped in scalar.escaped(asASCII: true).unicodeScalars { append(escaped) }
            } else {
                append(scalar)
            }
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        if room == 0 {
            isFull = true
        } else if !isFull {
            text.unicodeScalars.append(scalar)
            room -= 1
        }
    }

    /// Adds elements with a separator between them, as far as they fit.
    mutating func append<Elements: Sequence>(
        _ elements: Elements,
        separator: String = ", ",
        _ write: (Elements.Element, inout PrintedText) -> Void
    ) {
        var isFirst = true
        for element in elements {
            if !isFirst { append(separator) }
            if isFull { return }
            isFirst = false
            write(element, &self)
        }
    }
}

/// The text that a closure writes, up to a length in Unicode scalars.
func printed(atMost length: Int, _ write: (inout PrintedText) -> Void) -> String {
    var output = PrintedText(atMost: length)
    write(&output)
    return output.result
}

/// A value as it would be written in Swift, on one line, up to a length in Unicode scalars.
package func printed(_ value: Any, atMost length: Int) -> String { printed(atMost: length) { $0.append(value: value) } }

/// The text with control characters written as escapes, so that it can't break a line or drive a terminal.
package func escapingControlCharacters(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
        result += isControl(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
    }
}

func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
}

extension StringProtocol {
    /// Whether all of the text is ASCII, where a Character is a byte, but for line breaks.
    var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}

/// A number with thousands set apart, and a noun that agrees with it: `1 handler`, `1,200 handlers`.
func counted(_ count: Int, _ noun: String) -> String { "\(inThousands(count)) \(noun)\(count == 1 ? "" : "s")" }

/// A number with thousands set apart: `1,200`.
func inThousands(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.indices.reduce(into: "") { text, index in
        let left = digits.count - index
        if index > 0, left.isMultiple(of: 3) { text += "," }
        text.append(digits[index])
    }
}
