import EventDispatch

/// A condition on a name: what the library makes of it, and beside it what it means.
enum TextCondition: CustomStringConvertible {
    case matches(String)
    case hasPrefix(String)
    case hasSuffix(String)
    case contains(String)

    static func all(with text: String) -> [Self] {
        [.matches(text), .hasPrefix(text), .hasSuffix(text), .contains(text)]
    }

    var filter: Filter<Named> {
        switch self {
        case .matches(let pattern): Filter(\.name, matches: pattern)
        case .hasPrefix(let text): Filter(\.name, hasPrefix: text)
        case .hasSuffix(let text): Filter(\.name, hasSuffix: text)
        case .contains(let text): Filter(\.name, contains: text)
        }
    }

    var isWellFormed: Bool {
        if case .matches(let pattern) = self { PlainPattern(pattern).isWellFormed } else { true }
    }

    func holds(for name: String) -> Bool {
        switch self {
        case .matches(let pattern): PlainPattern(pattern).matches(name)
        case .hasPrefix(let text): name.hasPrefix(text)
        case .hasSuffix(let text): name.hasSuffix(text)
        case .contains(let text): name.contains(text)
        }
    }

    var description: String {
        switch self {
        case .matches(let pattern): "matches \(scalars(pattern))"
        case .hasPrefix(let text): "hasPrefix \(scalars(text))"
        case .hasSuffix(let text): "hasSuffix \(scalars(text))"
        case .contains(let text): "contains \(scalars(text))"
        }
    }
}

/// The text in ASCII, so that equal texts can be told apart.
func scalars(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "\""
}
