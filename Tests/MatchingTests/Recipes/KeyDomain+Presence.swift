import EventDispatch

extension KeyDomain {
    /// Literals on whether an optional is nil.
    func presence<Wrapped>() -> [LiteralOffers<Event>.Offer] where Value == Wrapped? {
        let (name, key, read) = (name, key, read)
        return [
            { random in
                Literal(.isNil, name, nil, random.oneIn(2) ? key == nil : Filter(key, .isNil)) {
                    if case .none = read($0) { true } else { false }
                }
            },
            { random in
                Literal(.exists, name, nil, random.oneIn(2) ? key != nil : Filter(key, .exists)) {
                    if case .none = read($0) { false } else { true }
                }
            },
        ]
    }

    /// Literals on which object it is.
    func identity(_ objects: [Value]) -> [LiteralOffers<Event>.Offer] where Value: AnyObject & Sendable {
        let (name, key, read) = (name, key, read)
        return [
            { random in
                let object = random.pick(objects)
                let filter = random.oneIn(2) ? key === object : Filter(key, identicalTo: object)
                return Literal(.identicalTo, name, object, filter) { read($0) === object }
            }
        ]
    }

    /// Literals on which object it is, if any.
    func identity<Object: AnyObject & Sendable>(
        _ objects: [Object]
    ) -> [LiteralOffers<Event>.Offer] where Value == Object? {
        let (name, key, read) = (name, key, read)
        return [
            { random in
                let object = random.pick(objects)
                let filter = random.oneIn(2) ? key === object : Filter(key, identicalTo: object)
                return Literal(.identicalTo, name, object, filter) { read($0) === object }
            }
        ]
    }

    /// Literals on what a collection contains.
    func elements(_ elements: [Value.Element]) -> [LiteralOffers<Event>.Offer]
    where Value: Collection, Value.Element: Hashable & Sendable {
        let (name, key, read) = (name, key, read)
        return [
            { random in
                let element = random.pick(elements)
                return Literal(.containsElement, name, element, Filter(key, contains: element)) { event in
                    read(event).contains { $0 == element }
                }
            }
        ]
    }

    /// A group of literals on this key.
    func offers(_ offers: [LiteralOffers<Event>.Offer]...) -> LiteralOffers<Event> {
        LiteralOffers(name: name, offers: offers.flatMap { $0 })
    }
}
