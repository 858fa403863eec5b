import EventDispatch

/// The filter of a subscription of W1 to W5, in the words of the event's keys.
enum RuleCondition {
    case user(String)
    case conjunction(type: String, role: String, user: String)
    case amounts(type: String, Range<Int>)
    case namePrefix(String)
    case userExceptTypes(user: String, [String])

    init(_ rule: DrawnRule) {
        let type = RecordText.type(Int(rule.type))
        let user = RecordText.user(Int(rule.user))
        switch rule.form {
        case .user: self = .user(user)
        case .conjunction: self = .conjunction(type: type, role: RecordText.role(Int(rule.role)), user: user)
        case .amounts:
            let lowest = Int(rule.lowestAmount)
            self = .amounts(type: type, lowest..<lowest + MatchingWorkload.amountsInARange)
        case .namePrefix:
            self = .namePrefix(RecordText.namePrefix(table: Int(rule.table), number: Int(rule.number)))
        case .userExceptTypes:
            let excluded = rule.excludedTypes
            let types = [excluded.0, excluded.1, excluded.2].map { RecordText.type(Int($0)) }
            self = .userExceptTypes(user: user, types)
        }
    }
}

extension EventDispatcher {
    /// Subscribes a handler that counts the events a condition holds for.
    func subscribe(_ condition: RuleCondition, counting calls: CallCounter) throws(DispatchError) -> EventSubscription {
        try subscribe {
            On(Record.self) {
                switch condition {
                case .user(let user): Where(\.user, is: user)
                case .conjunction(let type, let role, let user):
                    Where(\.type, is: type)
                    Where(\.role, is: role)
                    Where(\.user, is: user)
                case .amounts(let type, let amounts):
                    Where(\.type, is: type)
                    Where(\.amount, in: amounts)
                case .namePrefix(let prefix): Where(\.name, hasPrefix: prefix)
                case .userExceptTypes(let user, let types):
                    Where(\.user, is: user)
                    Where(not: Filter(\.type, in: types))
                }
                Handle { _ in calls.increment() }
            }
        }
    }
}
