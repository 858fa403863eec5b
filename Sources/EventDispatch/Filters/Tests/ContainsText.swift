/// `\.key` contains a text
struct ContainsText<Value: MatchableText>: ValueTest, Sendable {
    private let text: String

    init(_ text: String) { self.text = text }

    func holds(for value: Value) -> Bool { value.matchableText?.contains(text) ?? false }

    var identity: AnyHashable { text }

    func write(to source: inout SourceText, key: String, negated: Bool) {
        source.append(call: "contains", of: key, negated: negated, text)
    }
}
