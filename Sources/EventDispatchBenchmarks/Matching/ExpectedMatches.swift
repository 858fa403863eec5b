/// Which subscriptions of W1 to W5 each event matches, found without any dispatcher.
///
/// Every form of filter is laid out on a line of numbers on which what an event matches lies side by side.
struct ExpectedMatches {
    private struct Point {
        let key: Int
        let rule: Int
    }

    private var ends: [Int] = []
    private var matches: [Int32] = []

    init(rules: [DrawnRule], records: [DrawnRecord]) {
        var points: [[Point]] = Array(repeating: [], count: RuleForm.allCases.count)
        for (index, rule) in rules.enumerated() {
            points[rule.form.rawValue].append(Point(key: Self.key(of: rule), rule: index))
        }
        for form in RuleForm.allCases { points[form.rawValue].sort { ($0.key, $0.rule) < ($1.key, $1.rule) } }

        ends.reserveCapacity(records.count)
        for record in records {
            for form in RuleForm.allCases where !points[form.rawValue].isEmpty {
                let points = points[form.rawValue]
                let keys = Self.keys(of: form, matching: record)
                for point in points[points.firstIndex(notLess: { $0.key < keys.lowerBound })...] {
                    guard point.key <= keys.upperBound else { break }
                    let rule = rules[point.rule]
                    if form != .userExceptTypes || !rule.excludes(type: record.type) {
                        matches.append(Int32(point.rule))
                    }
                }
            }
            ends.append(matches.count)
        }
    }

    /// The indices of the subscriptions that an event matches.
    subscript(event: Int) -> ArraySlice<Int32> { matches[(event == 0 ? 0 : ends[event - 1])..<ends[event]] }

    /// How often all events together match.
    var count: Int { matches.count }

    private static func key(of rule: DrawnRule) -> Int {
        switch rule.form {
        case .user, .userExceptTypes: Int(rule.user)
        case .conjunction: conjunction(type: Int(rule.type), role: Int(rule.role), user: Int(rule.user))
        case .amounts: amount(type: Int(rule.type), Int(rule.lowestAmount))
        case .namePrefix: name(table: Int(rule.table), number: Int(rule.number))
        }
    }

    private static func keys(of form: RuleForm, matching record: DrawnRecord) -> ClosedRange<Int> {
        switch form {
        case .user, .userExceptTypes: return record.user...record.user
        case .conjunction:
            let key = conjunction(type: record.type, role: record.role, user: record.user)
            return key...key
        case .amounts:
            let lowest = max(0, record.amount - MatchingWorkload.amountsInARange + 1)
            return amount(type: record.type, lowest)...amount(type: record.type, record.amount)
        case .namePrefix:
            let key = name(table: record.table, number: record.number)
            return key...key
        }
    }

    private static func conjunction(type: Int, role: Int, user: Int) -> Int {
        (user * MatchingWorkload.types + type) * MatchingWorkload.roles + role
    }

    private static func amount(type: Int, _ amount: Int) -> Int { type * MatchingWorkload.amounts + amount }

    private static func name(table: Int, number: Int) -> Int { number * MatchingWorkload.tables + table }
}

extension DrawnRule {
    fileprivate func excludes(type: Int) -> Bool {
        excludedTypes.0 == type || excludedTypes.1 == type || excludedTypes.2 == type
    }
}
