/// The filter of a subscription of W1 to W5, in numbers.
struct DrawnRule {
    let form: RuleForm
    let type: Int32
    let role: Int32
    let user: Int32
    let lowestAmount: Int32
    let table: Int32
    let number: Int32
    let excludedTypes: (Int32, Int32, Int32)
}
