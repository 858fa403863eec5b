extension PrintedText {
    /// Adds a value much as it would be written in Swift, as far as it fits: text quoted and escaped, cases of enumerations with a
    /// leading dot, the elements of collections one by one.
    ///
    /// A value's own description is asked for where it has one, unless the value does not equal itself: that of a `Date` which is
    /// not a number ends the process.
    mutating func append(value: Any) {
        guard !isFull else { return }
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional { return append(optional: value) }
        if let text = text(of: value) { return append(quoted: text) }
        if value is any WrittenAsLiteral { return append(literal: mirror) }
        if hasDescription(value) { return append(described: value) }
        switch mirror.displayStyle {
        case .enum: append(enumeration: value, mirror)
        case .struct:
            append("\(type(of: value))")
            append(fields: mirror)
        case .tuple: append(fields: mirror)
        case .class: append(qualifiedName(of: type(of: value)))
        default: append(String(describing: value))
        }
    }

    private mutating func append(optional: Any) {
        var (value, depth) = (optional, 0)
        while case let mirror = Mirror(reflecting: value), mirror.displayStyle == .optional {
            guard let wrapped = mirror.children.first?.value else {
                for _ in 0..<depth { append(".some(") }
                append("nil")
                for _ in 0..<depth { append(")") }
                return
            }
            (value, depth) = (wrapped, depth + 1)
        }
        append(value: value)
    }

    private mutating func append(quoted text: some StringProtocol) {
        // The rest is cut, with the closing quotation mark.
        let shown = String.UnicodeScalarView(text.unicodeScalars.prefix(room == .max ? room : room + 1))
        append(String(shown).debugDescription)
    }

    private mutating func append(literal mirror: Mirror) {
        append("[")
        let isDictionary = mirror.displayStyle == .dictionary
        if isDictionary && mirror.children.isEmpty { append(":") }
        append(mirror.children) { child, output in
            guard isDictionary else { return output.append(value: child.value) }
            output.append(Mirror(reflecting: child.value).children, separator: ": ") { part, output in
                output.append(value: part.value)
            }
        }
        append("]")
    }

    private mutating func append(enumeration value: Any, _ mirror: Mirror) {
        append(".")
        guard let payload = mirror.children.first, let name = payload.label else {
            return append(String(describing: value))
        }
        append(name)
        let payloadMirror = Mirror(reflecting: payload.value)
        if payloadMirror.displayStyle == .tuple { return append(fields: payloadMirror) }
        append("(")
        append(value: payload.value)
        append(")")
    }

    private mutating func append(fields mirror: Mirror) {
        append("(")
        append(mirror.children) { child, output in
            // The elements of a tuple that have no labels are called by their positions.
            if let label = child.label, label.first != "." { output.append("\(label): ") }
            output.append(value: child.value)
        }
        append(")")
    }

    private mutating func append(described value: Any) {
        if let value = value as? any Equatable, !(value is any FloatingPoint), !equalsItself(value) {
            append("<\(type(of: value)) that does not equal itself>")
        } else {
            append(String(describing: value))
        }
    }
}

/// Collections of the standard library whose descriptions are as long as they are themselves.
private protocol WrittenAsLiteral {}

extension Array: WrittenAsLiteral {}
extension ArraySlice: WrittenAsLiteral {}
extension ContiguousArray: WrittenAsLiteral {}
extension Set: WrittenAsLiteral {}
extension Dictionary: WrittenAsLiteral {}

private func text(of value: Any) -> (any StringProtocol)? {
    switch value {
    case let text as any StringProtocol: text
    case let character as Character: String(character)
    case let scalar as Unicode.Scalar: String(scalar)
    default: nil
    }
}

private func hasDescription(_ value: Any) -> Bool {
    value is any CustomStringConvertible || value is any CustomDebugStringConvertible
        || value is any TextOutputStreamable
}

private func equalsItself<Value: Equatable>(_ value: Value) -> Bool { value == value }

/// The conditions of lines that have to hold together, by their keys.
struct ClauseLiterals {
    /// Few: no more than the event has keys.
    private var ofKeys: [OfKey] = []

    private struct OfKey {
        var literals: [KeyLiteral]
        var isAnyAsserted: Bool

        var key: KeyReader { literals[0].condition.key.reader }
    }

    /// Adds a line, which is right by itself and beside those that were added before.
    mutating func add(_ line: FilterNode) {
        for literal in line.conjuncts.compactMap({ FilterTerm($0).literal }) { _ = add(literal) }
    }

    /// Adds a line. Returns what is known to be wrong with it beside those that were added before: conditions on the same key
    /// that no value fulfils.
    mutating func addChecked(_ line: FilterNode) -> FilterDefect? {
        var defect: FilterDefect?
        for literal in line.conjuncts.compactMap({ FilterTerm($0).literal }) {
            let index = add(literal)
            guard ofKeys[index].literals.count > 1, ofKeys[index].isAnyAsserted, defect == nil else { continue }
            defect = FilterTerm.exclusion(of: ofKeys[index].literals).map(FilterDefect.neverMatches)
        }
        return defect
    }

    /// Adds a condition, and returns where those of its key are.
    private mutating func add(_ literal: KeyLiteral) -> Int {
        guard let index = ofKeys.firstIndex(where: { $0.key === literal.condition.key.reader }) else {
            ofKeys.append(OfKey(literals: [literal], isAnyAsserted: !literal.isNegated))
            return ofKeys.count - 1
        }
        ofKeys[index].literals.append(literal)
        if !literal.isNegated { ofKeys[index].isAnyAsserted = true }
        return index
    }
}
