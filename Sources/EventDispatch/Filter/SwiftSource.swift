/// A value much as it would be written in Swift: text quoted and escaped, cases of enumerations with a leading dot.
///
/// Whatever the value's own description contains, the result stands on one line.
func swiftSource(of value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
        guard let wrapped = mirror.children.first?.value else { return "nil" }
        let source = swiftSource(of: wrapped)
        return source == "nil" ? ".some(nil)" : source
    case .enum where !(value is any CustomStringConvertible):
        return "." + escapingControlCharacters(String(describing: value))
    default:
        if let text = quoted(value) { return escapingControlCharacters(text) }
        return escapingControlCharacters(String(describing: value))
    }
}

private func quoted(_ value: Any) -> String? {
    switch value {
    case let text as any StringProtocol: String(text).debugDescription
    case let character as Character: String(character).debugDescription
    case let scalar as Unicode.Scalar: String(scalar).debugDescription
    default: nil
    }
}
