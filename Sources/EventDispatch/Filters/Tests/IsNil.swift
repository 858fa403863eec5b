/// `\.key`, an optional, is nil
struct IsNil<Wrapped>: ValueTest, Sendable {
    func holds(for value: Wrapped?) -> Bool { value == nil }

    func write(to source: inout SourceText, key: String, negated: Bool) {
        source.append("\(key) \(negated ? "!=" : "==") nil")
    }

    var indexForm: IndexForm { IndexForm(.isNil) }

    var identity: AnyHashable { true }

    var respectsEquality: Bool { true }

    var candidates: [Wrapped?]? { [nil] }
}
