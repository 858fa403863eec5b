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
