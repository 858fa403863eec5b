/// The values that one event has for match keys, each read once.
final class KeyValues {
    private let event: EventReference
    private var values: [ObjectIdentifier: UnsafeRawPointer] = [:]
    private var copies: [(key: KeySource, value: UnsafeMutableRawPointer)] = []

    init(_ event: EventReference) { self.event = event }

    deinit {
        for (key, value) in copies {
            key.layout.destroy(value)
            value.deallocate()
        }
    }

    /// Whether a condition holds for the event.
    func holds(_ condition: Condition) -> Bool {
        withExtendedLifetime(self) { condition.holds(at: value(of: condition.key.source)) }
    }

    /// The value of a condition's key as Swift source, cut where it is longer than a number of Unicode scalars.
    func source(for condition: Condition, atMost length: Int) -> String {
        withExtendedLifetime(self) {
            EventDispatch.source(atMost: length) { source in
                condition.writeValue(at: value(of: condition.key.source), to: &source)
            }
        }
    }

    private func value(of key: KeySource) -> UnsafeRawPointer {
        if let place = key.place(in: event) { return place }
        if let known = values[ObjectIdentifier(key)] { return known }
        let copy = key.layout.allocate()
        key.read(event, into: copy)
        copies.append((key, copy))
        values[ObjectIdentifier(key)] = UnsafeRawPointer(copy)
        return UnsafeRawPointer(copy)
    }
}
