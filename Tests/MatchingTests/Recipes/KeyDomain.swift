import EventDispatch
import ProgramSupport

/// A key, how a test reads it, and the values that filters compare it with.
struct KeyDomain<Event: MatchableEvent, Value> {
    let name: String
    let key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>
    let read: (Event) -> Value
    let draw: (inout SplitMix64) -> Value

    init(
        _ name: String,
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        _ read: @escaping (Event) -> Value,
        draw: @escaping (inout SplitMix64) -> Value
    ) {
        self.name = name
        self.key = key
        self.read = read
        self.draw = draw
    }

    init(
        _ name: String,
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        _ read: @escaping (Event) -> Value,
        _ values: [Value]
    ) {
        self.init(name, key, read) { $0.pick(values) }
    }

    func draw(upTo count: Int, using random: inout SplitMix64) -> [Value] {
        (0..<Int.random(in: 1...count, using: &random)).map { _ in draw(&random) }
    }
}
