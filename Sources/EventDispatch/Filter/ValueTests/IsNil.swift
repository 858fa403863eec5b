/// `\.key`, an optional, is nil
struct IsNil<Wrapped>: ValueTest, Sendable {
    func holds(for value: Wrapped?) -> Bool { value == nil }

    func source(key: String, negated: Bool) -> String { "\(key) \(negated ? "!=" : "==") nil" }

    var indexForm: IndexForm { IndexForm(.isNil) }

    var respectsEquality: Bool { true }

    var candidates: [Wrapped?]? { [nil] }
}
