import EventDispatch
import ProgramSupport

extension KeyDomain {
    /// Literals that compare what an optional holds by `<` and its like. Nil is in none of them.
    ///
    /// - Parameter values: what it is compared with.
    func optionalOrdering<Wrapped: Comparable & Sendable>(
        _ values: [Wrapped]
    ) -> [LiteralOffers<Event>.Offer] where Value == Wrapped? {
        optionalComparisons(values) + optionalRanges(values)
    }

    private func optionalComparisons<Wrapped: Comparable & Sendable>(
        _ values: [Wrapped]
    ) -> [LiteralOffers<Event>.Offer] where Value == Wrapped? {
        let (name, key, read) = (name, key, read)
        return [
            { random in
                let bound = random.pick(values)
                let filter = random.oneIn(2) ? key < bound : Filter(key, lessThan: bound)
                return Literal(.optionalLessThan, name, bound, filter) { event in
                    if let value = read(event) { value < bound } else { false }
                }
            },
            { random in
                let bound = random.pick(values)
                let filter = random.oneIn(2) ? key <= bound : Filter(key, atMost: bound)
                return Literal(.optionalAtMost, name, bound, filter) { event in
                    if let value = read(event) { value <= bound } else { false }
                }
            },
            { random in
                let bound = random.pick(values)
                let filter = random.oneIn(2) ? key > bound : Filter(key, greaterThan: bound)
                return Literal(.optionalGreaterThan, name, bound, filter) { event in
                    if let value = read(event) { value > bound } else { false }
                }
            },
            { random in
                let bound = random.pick(values)
                let filter = random.oneIn(2) ? key >= bound : Filter(key, atLeast: bound)
                return Literal(.optionalAtLeast, name, bound, filter) { event in
                    if let value = read(event) { value >= bound } else { false }
                }
            },
        ]
    }

    private func optionalRanges<Wrapped: Comparable & Sendable>(
        _ values: [Wrapped]
    ) -> [LiteralOffers<Event>.Offer] where Value == Wrapped? {
        let (name, key, read) = (name, key, read)
        let bounds = { (random: inout SplitMix64) in
            let (first, second) = (random.pick(values), random.pick(values))
            return first <= second ? (first, second) : (second, first)
        }
        return [
            { random in
                let (low, high) = bounds(&random)
                return Literal(.inOptionalRange, name, low...high, Filter(key, in: low...high)) { event in
                    if let value = read(event) { value >= low && value <= high } else { false }
                }
            },
            { random in
                let (low, high) = bounds(&random)
                return Literal(.inOptionalRange, name, low..<high, Filter(key, in: low..<high)) { event in
                    if let value = read(event) { value >= low && value < high } else { false }
                }
            },
            { random in
                let bound = random.pick(values)
                return Literal(.inOptionalRange, name, bound..., Filter(key, in: bound...)) { event in
                    if let value = read(event) { value >= bound } else { false }
                }
            },
            { random in
                let bound = random.pick(values)
                return Literal(.notInOptionalRange, name, ...bound, Filter(key, notIn: ...bound)) { event in
                    if let value = read(event) { !(value <= bound) } else { true }
                }
            },
            { random in
                let (low, high) = bounds(&random)
                return Literal(.notInOptionalRange, name, low...high, Filter(key, notIn: low...high)) { event in
                    if let value = read(event) { !(value >= low && value <= high) } else { true }
                }
            },
        ]
    }
}
