import EventDispatch

/// An event with one key, of any type.
struct Sample<Value: Sendable>: MatchableEvent {
    let value: Value

    init(_ value: Value) { self.value = value }

    struct MatchKeys: MatchKeySet {
        let value = Key(\.value)
    }
}
