/// `\.key` contains a text
struct ContainsText<Value: MatchableText>: ValueTest, Sendable {
    private let text: String

    init(_ text: String) { self.text = text }

    func holds(for value: Value) -> Bool { value.matchableText?.contains(text) ?? false }

    var identity: AnyHashable { text }

    func write(to output: inout PrintedText, key: String, negated: Bool) {
        output.append(call: "contains", of: key, negated: negated, text)
    }
}

/// `\.key` begins with a text
struct HasPrefix<Value: MatchableText>: ValueTest, Sendable {
    private let prefix: String

    init(_ prefix: String) { self.prefix = prefix }

    func holds(for value: Value) -> Bool { value.matchableText?.hasPrefix(prefix) ?? false }

    var indexForm: IndexForm { IndexForm(.text(TextForm(.prefix(prefix), of: Value.self))) }

    var identity: AnyHashable { prefix }

    func write(to output: inout PrintedText, key: String, negated: Bool) {
        output.append(call: "hasPrefix", of: key, negated: negated, prefix)
    }
}

/// `\.key` ends with a text
struct HasSuffix<Value: MatchableText>: ValueTest, Sendable {
    private let suffix: String

    init(_ suffix: String) { self.suffix = suffix }

    func holds(for value: Value) -> Bool { value.matchableText?.hasSuffix(suffix) ?? false }

    var indexForm: IndexForm { IndexForm(.text(TextForm(.suffix(suffix), of: Value.self))) }

    var identity: AnyHashable { suffix }

    func write(to output: inout PrintedText, key: String, negated: Bool) {
        output.append(call: "hasSuffix", of: key, negated: negated, suffix)
    }
}

/// `\.key`, a dotted name, fits a pattern
struct MatchesPattern<Value: MatchableText>: ValueTest, Sendable {
    private let pattern: NamePattern

    init(_ pattern: String) { self.pattern = NamePattern(pattern) }

    func holds(for value: Value) -> Bool { value.matchableText.map(pattern.matches) ?? false }

    var indexForm: IndexForm { IndexForm(.text(TextForm(.pattern(pattern), of: Value.self))) }

    var identity: AnyHashable { pattern.text }

    func write(to output: inout PrintedText, key: String, negated: Bool) {
        output.append(key, negated ? "does not match" : "matches", pattern.text)
    }

    var defect: FilterDefect? {
        pattern.problem.map { FilterDefect(code: .invalidPattern, reason: $0) }
    }
}
