/// `\.key`, a dotted name, fits a pattern
struct MatchesPattern<Value: MatchableText>: ValueTest, Sendable {
    private let pattern: NamePattern

    init(_ pattern: String) { self.pattern = NamePattern(pattern) }

    func holds(for value: Value) -> Bool { value.matchableText.map(pattern.matches) ?? false }

    var indexForm: IndexForm { IndexForm(.text(TextForm(.pattern(pattern), of: Value.self))) }

    var identity: AnyHashable { pattern.source }

    func source(key: String, negated: Bool) -> String {
        "\(key) \(negated ? "does not match" : "matches") \(swiftSource(of: pattern.source))"
    }

    var defect: FilterDefect? {
        pattern.problem.map { FilterDefect(code: .invalidPattern, reason: $0) }
    }
}
