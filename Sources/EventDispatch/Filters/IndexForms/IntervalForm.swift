/// An interval that a key's value has to lie in.
struct IntervalForm {
    /// An end of an interval.
    struct Bound {
        let isIncluded: Bool
        private let visit: ((UnsafeRawPointer) -> Void) -> Void

        init<Value>(_ value: Value, isIncluded: Bool) {
            self.isIncluded = isIncluded
            visit = { body in withUnsafePointer(to: value) { body(UnsafeRawPointer($0)) } }
        }

        /// Calls a closure with the value at the end.
        func withValue<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
            var result: Result?
            visit { result = body($0) }
            return result.unsafelyUnwrapped
        }
    }

    /// Nil for an interval that goes down without end.
    let lower: Bound?
    /// Nil for an interval that goes up without end.
    let upper: Bound?
    let layout: ValueLayout
    let order: ValueOrder

    init<Value>(_ interval: Interval<Value>, order: ValueOrder) {
        lower = interval.lower.map { Bound($0, isIncluded: interval.includesLower) }
        upper = interval.upper.map { Bound($0, isIncluded: interval.includesUpper) }
        layout = ValueLayout(Value.self)
        self.order = order
    }
}
