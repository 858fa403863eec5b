/// A way to write a condition: ``Filter`` where a value is wanted, ``Where`` as a line in a block.
///
/// The labels are declared here once for both. `Where(\.role, is: .admin)` and `Where(\.role == .admin)` mean the same;
/// the labelled form gives the sharper message for a misspelled key.
public protocol FilterExpression<Event> {
    /// The event whose match keys the condition names.
    associatedtype Event: MatchableEvent

    /// Makes the expression from a filter.
    init(_ filter: Filter<Event>, fileID: String, line: Int)
}

extension FilterExpression {
    /// The key equals a value, by the type's own `==`. Strings are equal by canonical equivalence.
    @inlinable
    public init<Value: Hashable & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        is value: Value,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, EqualTo(value)), fileID: fileID, line: line)
    }

    /// The key is true.
    @inlinable
    @_disfavoredOverload
    public init(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, EqualTo(true)), fileID: fileID, line: line)
    }

    /// The key does not equal a value.
    @inlinable
    public init<Value: Hashable & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        isNot value: Value,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(not: Filter(key, EqualTo(value))), fileID: fileID, line: line)
    }

    /// The key is in a set, an array or a range.
    @inlinable
    public init<Members: MatchMembers>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Members.Member>>,
        in members: Members,
        fileID: String = #fileID,
        line: Int = #line
    ) where Members.Member: Sendable {
        self.init(Filter(key, members.membership), fileID: fileID, line: line)
    }

    /// The optional key has a value, and it's in a range. Nil doesn't match.
    @inlinable
    @_disfavoredOverload
    public init<Value: OptionalInRange, Members: MatchRange>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        in members: Members,
        fileID: String = #fileID,
        line: Int = #line
    ) where Members.Member == Value.Wrapped {
        self.init(Filter(key, Value.membership(in: members.interval, isRange: true)), fileID: fileID, line: line)
    }

    /// The key is not in a set, an array or a range.
    @inlinable
    public init<Members: MatchMembers>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Members.Member>>,
        notIn members: Members,
        fileID: String = #fileID,
        line: Int = #line
    ) where Members.Member: Sendable {
        self.init(Filter(not: Filter(key, members.membership)), fileID: fileID, line: line)
    }

    /// The optional key is nil, or has a value that is not in a range.
    @inlinable
    @_disfavoredOverload
    public init<Value: OptionalInRange, Members: MatchRange>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        notIn members: Members,
        fileID: String = #fileID,
        line: Int = #line
    ) where Members.Member == Value.Wrapped {
        self.init(
            Filter(not: Filter(key, Value.membership(in: members.interval, isRange: true))),
            fileID: fileID,
            line: line
        )
    }

    /// The key is less than a value.
    @inlinable
    public init<Value: Comparable & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        lessThan value: Value,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, InInterval(.upTo(value), style: .comparison)), fileID: fileID, line: line)
    }

    /// The key is less than a value or equal to it.
    @inlinable
    public init<Value: Comparable & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        atMost value: Value,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, InInterval(.through(value), style: .comparison)), fileID: fileID, line: line)
    }

    /// The key is greater than a value.
    @inlinable
    public init<Value: Comparable & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        greaterThan value: Value,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, InInterval(.above(value), style: .comparison)), fileID: fileID, line: line)
    }

    /// The key is greater than a value or equal to it.
    @inlinable
    public init<Value: Comparable & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        atLeast value: Value,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, InInterval(.from(value), style: .comparison)), fileID: fileID, line: line)
    }

    /// The optional key has a value that is less than another. Nil doesn't match.
    @inlinable
    @_disfavoredOverload
    public init<Value: OrderedOptional & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        lessThan value: Value.Wrapped,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(
            Filter(key, Value.membership(in: MatchInterval(.upTo(value)), isRange: false)),
            fileID: fileID,
            line: line
        )
    }

    /// The optional key has a value that is less than another or equal to it. Nil doesn't match.
    @inlinable
    @_disfavoredOverload
    public init<Value: OrderedOptional & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        atMost value: Value.Wrapped,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(
            Filter(key, Value.membership(in: MatchInterval(.through(value)), isRange: false)),
            fileID: fileID,
            line: line
        )
    }

    /// The optional key has a value that is greater than another. Nil doesn't match.
    @inlinable
    @_disfavoredOverload
    public init<Value: OrderedOptional & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        greaterThan value: Value.Wrapped,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(
            Filter(key, Value.membership(in: MatchInterval(.above(value)), isRange: false)),
            fileID: fileID,
            line: line
        )
    }

    /// The optional key has a value that is greater than another or equal to it. Nil doesn't match.
    @inlinable
    @_disfavoredOverload
    public init<Value: OrderedOptional & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        atLeast value: Value.Wrapped,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(
            Filter(key, Value.membership(in: MatchInterval(.from(value)), isRange: false)),
            fileID: fileID,
            line: line
        )
    }

    /// The key, a string or an optional one, begins with a text, by `String.hasPrefix`.
    public init<Text: MatchableText>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Text>>,
        hasPrefix prefix: String,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, HasPrefix(prefix)), fileID: fileID, line: line)
    }

    /// The key, a string or an optional one, ends with a text, by `String.hasSuffix`.
    public init<Text: MatchableText>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Text>>,
        hasSuffix suffix: String,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, HasSuffix(suffix)), fileID: fileID, line: line)
    }

    /// The key, a string or an optional one, contains a text, by `String.contains`.
    public init<Text: MatchableText>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Text>>,
        contains text: String,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, ContainsText(text)), fileID: fileID, line: line)
    }

    /// The key is a collection that contains an element.
    @inlinable
    public init<Elements: Collection>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Elements>>,
        contains element: Elements.Element,
        fileID: String = #fileID,
        line: Int = #line
    ) where Elements.Element: Hashable & Sendable {
        self.init(Filter(key, ContainsElement<Elements>(element)), fileID: fileID, line: line)
    }

    /// The key, a string or an optional one, is a dotted name that fits a pattern: `*` stands for one token that is not empty, and
    /// `**`, as the last token, for all that follow, none included. All other tokens match themselves.
    ///
    /// `"shop.order.*"` fits `shop.order.created` and not `shop.order`; `"shop.**"` fits `shop` and all below it.
    ///
    /// Tokens are separated by the byte `.`, whatever follows it. What stands between angle brackets, parentheses or backticks is
    /// not taken apart, and a token of the pattern without angle brackets fits all that have them: `"App.Created"` fits
    /// `App.Created<Shop.Order>`.
    public init<Text: MatchableText>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Text>>,
        matches pattern: String,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, MatchesPattern(pattern)), fileID: fileID, line: line)
    }

    /// The optional key is nil, or is not: `Where(\.nickname, .isNil)`, `Where(\.nickname, .exists)`.
    public init<Wrapped>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Wrapped?>>,
        _ presence: MatchPresence,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        let isNil = Filter(key, IsNil<Wrapped>())
        self.init(presence == .isNil ? isNil : Filter(.not(isNil.root), depth: 1), fileID: fileID, line: line)
    }

    /// The key holds this very object. The filter retains the object, so its address can't come to stand for another.
    public init<Object: AnyObject & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Object>>,
        identicalTo object: Object,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, IdenticalTo(object)), fileID: fileID, line: line)
    }

    /// The optional key holds this very object. The filter retains the object.
    public init<Object: AnyObject & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Object?>>,
        identicalTo object: Object,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(key, IdenticalTo<Object?>(object)), fileID: fileID, line: line)
    }

    /// A filter does not hold.
    public init(not filter: Filter<Event>, fileID: String = #fileID, line: Int = #line) {
        self.init(Filter(.not(filter.root), depth: filter.depth + 1), fileID: fileID, line: line)
    }

    /// A closure returns true: for what match keys can't say.
    ///
    /// It is called for each event of the type that the other conditions let through, on whatever thread fires, and may
    /// be called any number of times for one event. It can't be indexed.
    public init(
        satisfying predicate: @escaping @Sendable (Event) -> Bool,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        let predicate = Predicate { $0.withEvent(as: Event.self, predicate) }
        self.init(Filter(.satisfying(predicate)), fileID: fileID, line: line)
    }
}

extension FilterExpression {
    /// Refuses a filter of another event.
    @_documentation(visibility: internal)
    @_disfavoredOverload
    @available(*, unavailable, message: "the filter is for another type of event")
    public init<Other>(_ filter: Filter<Other>, fileID: String = #fileID, line: Int = #line) {
        self.init(Filter(.any([])), fileID: fileID, line: line)
    }

    /// Refuses a key that the event does not declare.
    @_documentation(visibility: internal)
    @_disfavoredOverload
    public init<Key: DeclaredInMatchKeys>(
        _ key: UndeclaredFlagPath<Event, Key>,
        fileID: String = #fileID,
        line: Int = #line
    ) {
        self.init(Filter(.any([])), fileID: fileID, line: line)
    }
}

extension Filter: FilterExpression {
    /// The filter itself.
    public init(_ filter: Filter<Event>, fileID: String = #fileID, line: Int = #line) { self = filter }
}

extension Filter {
    @usableFromInline
    init<Test: ValueTest & Sendable>(_ key: KeyPath<Event.MatchKeys, MatchKey<Event, Test.Value>>, _ test: Test) {
        self.init(.condition(KeyCondition(key: .named(by: key), test: test)))
    }

    @usableFromInline
    init<Member: Sendable>(_ key: KeyPath<Event.MatchKeys, MatchKey<Event, Member>>, _ membership: Membership<Member>) {
        self.init(.condition(membership.condition(.named(by: key))))
    }
}
