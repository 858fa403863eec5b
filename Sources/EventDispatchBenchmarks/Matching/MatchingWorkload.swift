/// The workloads that differ in their filters only.
enum MatchingWorkload {
    case equality, conjunction, range, prefix, mixed

    static let types = 20
    static let roles = 5
    static let tables = 50
    static let amounts = 100_000_000
    static let amountsInARange = 1_000
    static let operations = ["insert", "update", "delete", "select"]

    /// How many users there are.
    func users(subscriptions: Int) -> Int { self == .equality ? subscriptions : max(10, subscriptions / 10) }

    /// The form of a filter for which a number below 100 was drawn.
    func form(drawn: Int) -> RuleForm {
        switch self {
        case .equality: .user
        case .conjunction: .conjunction
        case .range: .amounts
        case .prefix: .namePrefix
        case .mixed:
            switch drawn {
            case ..<50: .conjunction
            case ..<70: .amounts
            case ..<90: .namePrefix
            default: .userExceptTypes
            }
        }
    }
}
