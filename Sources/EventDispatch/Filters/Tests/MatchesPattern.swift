/// `\.key`, a dotted name, fits a pattern
struct MatchesPattern<Value: MatchableText>: ValueTest, Sendable {
    private let pattern: NamePattern

    init(_ pattern: String) { self.pattern = NamePattern(pattern) }

    func holds(for value: Value) -> Bool { value.matchableText.map(pattern.matches) ?? false }

    var indexForm: IndexForm { IndexForm(.text(TextForm(.pattern(pattern), of: Value.self))) }

    var identity: AnyHashable { pattern.source }

    func write(to source: inout SourceText, key: String, negated: Bool) {
        source.append(key, negated ? "does not match" : "matches", pattern.source)
    }

    var defect: FilterDefect? {
        pattern.problem.map { FilterDefect(code: .invalidPattern, reason: $0) }
    }
}
