/// How tables can find a test by a value that passes it, as a ``ValueTest`` says it of itself.
public struct IndexForm {
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
    public static var none: IndexForm { IndexForm(.none) }
}
