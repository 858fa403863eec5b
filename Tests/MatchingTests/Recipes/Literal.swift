import EventDispatch

/// One condition of a recipe: the library's filter, and beside it the same said in plain Swift.
struct Literal<Event: MatchableEvent>: CustomStringConvertible {
    let operation: Operator
    let description: String
    let filter: Filter<Event>
    let holds: (Event) -> Bool

    init(
        _ operation: Operator,
        _ key: String,
        _ operand: Any?,
        _ filter: Filter<Event>,
        holds: @escaping (Event) -> Bool
    ) {
        self.operation = operation
        description = "\\.\(key) \(operation)" + (operand.map { " \(String(reflecting: $0))" } ?? "")
        self.filter = filter
        self.holds = holds
    }
}
