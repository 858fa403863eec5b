/// How tables can find a test by a value that passes it, as a ``ValueTest`` says it of itself.
@usableFromInline
struct IndexForm {
    enum Content {
        /// Not at all.
        case none
        /// The value equals one of some values.
        case values(MemberForm)
        /// The value is an object.
        case object(MemberForm)
        /// The value is a collection with an element.
        case element(ElementForm)
        /// The value lies in an interval.
        case interval(IntervalForm)
        /// The value is a text of some form.
        case text(TextForm)
        /// The value is nil.
        case isNil
    }

    let content: Content

    init(_ content: Content) { self.content = content }

    /// Not at all: values that other conditions let through are tried one by one.
    @usableFromInline static var none: IndexForm { IndexForm(.none) }
}

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

/// An element that a key's value, a collection, has to contain.
struct ElementForm {
    let element: MemberForm
    /// Calls a closure with each element of a collection.
    let forEachElement: (UnsafeRawPointer, (UnsafeRawPointer) -> Void) -> Void
}

/// A collection that contains what one of its elements equals, and whose elements are all there: not computed, as those of
/// `0..<Int.max` are.
protocol StoredElements: Collection {}

extension Array: StoredElements {}
extension ArraySlice: StoredElements {}
extension ContiguousArray: StoredElements {}
extension Set: StoredElements {}

/// The form of a text: a key's value has to have it.
struct TextForm {
    enum Shape {
        case prefix(String)
        case suffix(String)
        case pattern(NamePattern)
    }

    let shape: Shape
    /// The text of a value; nil where there is none.
    let text: (UnsafeRawPointer) -> String?

    init<Value: MatchableText>(_ shape: Shape, of type: Value.Type) {
        self.shape = shape
        text = { $0.assumingMemoryBound(to: Value.self).pointee.matchableText }
    }
}

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

    /// An interval that a value lies in.
    init<Value>(_ interval: Interval<Value>, order: ValueOrder) { self.init(interval, of: Value.self, order) { $0 } }

    /// An interval that an optional lies in if it has a value, by the order of optionals.
    init<Value>(ofOptional interval: Interval<Value>, order: ValueOrder) {
        self.init(interval, of: Value?.self, order) { $0 }
    }

    private init<Value, Stored>(
        _ interval: Interval<Value>,
        of type: Stored.Type,
        _ order: ValueOrder,
        _ stored: (Value) -> Stored
    ) {
        lower = interval.lower.map { Bound(stored($0), isIncluded: interval.includesLower) }
        upper = interval.upper.map { Bound(stored($0), isIncluded: interval.includesUpper) }
        layout = ValueLayout(Stored.self)
        self.order = order
    }
}
