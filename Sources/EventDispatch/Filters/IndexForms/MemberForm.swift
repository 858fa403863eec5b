/// Values one of which a key's value has to equal.
struct MemberForm {
    let layout: ValueLayout
    let operations: HashOperations
    let count: Int
    private let visit: ((UnsafeRawPointer) -> Void) -> Void

    init<Values: Collection>(_ values: Values, by operations: HashOperations) {
        layout = ValueLayout(Values.Element.self)
        self.operations = operations
        count = values.count
        visit = { body in
            for value in values { withUnsafePointer(to: value) { body(UnsafeRawPointer($0)) } }
        }
    }

    /// Calls a closure with each of the values.
    func forEach(_ body: (UnsafeRawPointer) -> Void) { visit(body) }
}
