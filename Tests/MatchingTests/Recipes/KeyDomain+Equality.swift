import EventDispatch

extension KeyDomain where Value: Hashable & Sendable {
    /// Literals that compare by `==`.
    var equality: [LiteralOffers<Event>.Offer] {
        let (name, key, read) = (name, key, read)
        return [
            { random in
                let value = draw(&random)
                return Literal(.is, name, value, random.oneIn(2) ? key == value : Filter(key, is: value)) {
                    read($0) == value
                }
            },
            { random in
                let value = draw(&random)
                return Literal(.isNot, name, value, random.oneIn(2) ? key != value : Filter(key, isNot: value)) {
                    read($0) != value
                }
            },
            { random in
                let values = random.oneIn(100) ? [] : draw(upTo: 4, using: &random)
                return Literal(.inArray, name, values, Filter(key, in: values)) { event in
                    values.contains { $0 == read(event) }
                }
            },
            { random in
                let values = draw(upTo: random.oneIn(10) ? 60 : 6, using: &random)
                return Literal(.inSet, name, values, Filter(key, in: Set(values))) { event in
                    values.contains { $0 == read(event) }
                }
            },
            { random in
                let values = draw(upTo: 4, using: &random)
                return Literal(.notInArray, name, values, Filter(key, notIn: values)) { event in
                    values.allSatisfy { $0 != read(event) }
                }
            },
            { random in
                let values = draw(upTo: 6, using: &random)
                return Literal(.notInSet, name, values, Filter(key, notIn: Set(values))) { event in
                    values.allSatisfy { $0 != read(event) }
                }
            },
        ]
    }
}

extension KeyDomain where Value == Bool {
    /// Literals that are a key by itself.
    var flags: [LiteralOffers<Event>.Offer] {
        let (name, key, read) = (name, key, read)
        return [
            { _ in Literal(.isTrue, name, nil, Filter(key)) { read($0) } },
            { _ in Literal(.isFalse, name, nil, !key) { !read($0) } },
        ]
    }
}
