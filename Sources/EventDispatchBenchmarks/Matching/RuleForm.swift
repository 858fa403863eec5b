/// What a subscription's filter constrains.
enum RuleForm: Int, CaseIterable {
    case user
    case conjunction
    case amounts
    case namePrefix
    case userExceptTypes
}
