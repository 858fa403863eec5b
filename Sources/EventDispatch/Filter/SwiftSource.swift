/// A value as it would be written in Swift: strings quoted and escaped, cases of enumerations with a leading dot.
///
/// Whatever the value's own description contains, the result stands on one line.
func swiftSource(of value: Any) -> String {
    if let text = value as? String { return escapingControlCharacters(text.debugDescription) }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
        return mirror.children.first.map { swiftSource(of: $0.value) } ?? "nil"
    case .enum:
        return "." + escapingControlCharacters(String(describing: value))
    default:
        return escapingControlCharacters(String(describing: value))
    }
}

/// The text with control characters written as escapes, so that it can't break a line or drive a terminal.
func escapingControlCharacters(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
        result += isControl(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
    }
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
}
