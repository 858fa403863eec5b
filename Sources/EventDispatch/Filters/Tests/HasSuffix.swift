/// `\.key` ends with a text
struct HasSuffix<Value: MatchableText>: ValueTest, Sendable {
    private let suffix: String

    init(_ suffix: String) { self.suffix = suffix }

    func holds(for value: Value) -> Bool { value.matchableText?.hasSuffix(suffix) ?? false }

    var indexForm: IndexForm { IndexForm(.text(TextForm(.suffix(suffix), of: Value.self))) }

    var identity: AnyHashable { suffix }

    func write(to source: inout SourceText, key: String, negated: Bool) {
        source.append(call: "hasSuffix", of: key, negated: negated, suffix)
    }
}
