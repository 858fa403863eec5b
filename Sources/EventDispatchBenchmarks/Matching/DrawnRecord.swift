/// An event of W1 to W5, in numbers.
struct DrawnRecord {
    var type: Int
    var user: Int
    var role: Int
    var amount: Int
    var table: Int
    var number: Int
    let operation: Int

    /// The event in words.
    var record: Record {
        Record(
            type: RecordText.type(type),
            user: RecordText.user(user),
            role: RecordText.role(role),
            name: RecordText.namePrefix(table: table, number: number) + MatchingWorkload.operations[operation],
            amount: amount
        )
    }

    /// Takes over what a filter constrains, so that the event matches it.
    ///
    /// - Parameter offset: the distance of the amount from the lowest one that matches.
    mutating func copyFields(of rule: DrawnRule, offset: Int) {
        switch rule.form {
        case .user, .userExceptTypes: user = Int(rule.user)
        case .conjunction:
            type = Int(rule.type)
            role = Int(rule.role)
            user = Int(rule.user)
        case .amounts:
            type = Int(rule.type)
            amount = Int(rule.lowestAmount) + offset
        case .namePrefix:
            table = Int(rule.table)
            number = Int(rule.number)
        }
    }
}
