/// `\.key` begins with a text
struct HasPrefix<Value: MatchableText>: ValueTest, Sendable {
    private let prefix: String

    init(_ prefix: String) { self.prefix = prefix }

    func holds(for value: Value) -> Bool { value.matchableText?.hasPrefix(prefix) ?? false }

    var indexForm: IndexForm { IndexForm(.text(TextForm(.prefix(prefix), of: Value.self))) }

    var identity: AnyHashable { prefix }

    func write(to source: inout SourceText, key: String, negated: Bool) {
        source.append(call: "hasPrefix", of: key, negated: negated, prefix)
    }
}
