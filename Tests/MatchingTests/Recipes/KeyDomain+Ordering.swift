import EventDispatch
import ProgramSupport

extension KeyDomain where Value: Comparable & Sendable {
    /// Literals that compare by `<` and its like.
    var ordering: [LiteralOffers<Event>.Offer] { comparisons + ranges }

    private var comparisons: [LiteralOffers<Event>.Offer] {
        let (name, key, read) = (name, key, read)
        return [
            { random in
                let value = draw(&random)
                return Literal(.lessThan, name, value, random.oneIn(2) ? key < value : Filter(key, lessThan: value)) {
                    read($0) < value
                }
            },
            { random in
                let value = draw(&random)
                return Literal(.atMost, name, value, random.oneIn(2) ? key <= value : Filter(key, atMost: value)) {
                    read($0) <= value
                }
            },
            { random in
                let value = draw(&random)
                let filter = random.oneIn(2) ? key > value : Filter(key, greaterThan: value)
                return Literal(.greaterThan, name, value, filter) { read($0) > value }
            },
            { random in
                let value = draw(&random)
                return Literal(.atLeast, name, value, random.oneIn(2) ? key >= value : Filter(key, atLeast: value)) {
                    read($0) >= value
                }
            },
        ]
    }

    private var ranges: [LiteralOffers<Event>.Offer] {
        let (name, key, read) = (name, key, read)
        return [
            { random in
                let (low, high) = bounds(using: &random)
                return Literal(.inRange, name, low..<high, Filter(key, in: low..<high)) { event in
                    read(event) >= low && read(event) < high
                }
            },
            { random in
                let (low, high) = bounds(using: &random)
                return Literal(.inClosedRange, name, low...high, Filter(key, in: low...high)) { event in
                    read(event) >= low && read(event) <= high
                }
            },
            { random in
                let (low, high) = bounds(using: &random)
                return Literal(.notInRange, name, low...high, Filter(key, notIn: low...high)) { event in
                    !(read(event) >= low && read(event) <= high)
                }
            },
            { random in
                let value = draw(&random)
                return Literal(.notInRange, name, ..<value, Filter(key, notIn: ..<value)) { !(read($0) < value) }
            },
            { random in
                let value = draw(&random)
                return Literal(.inRangeFrom, name, value..., Filter(key, in: value...)) { read($0) >= value }
            },
            { random in
                let value = draw(&random)
                return Literal(.inRangeUpTo, name, ..<value, Filter(key, in: ..<value)) { read($0) < value }
            },
            { random in
                let value = draw(&random)
                return Literal(.inRangeThrough, name, ...value, Filter(key, in: ...value)) { read($0) <= value }
            },
        ]
    }

    private func bounds(using random: inout SplitMix64) -> (Value, Value) {
        let (first, second) = (draw(&random), draw(&random))
        return first <= second ? (first, second) : (second, first)
    }
}
