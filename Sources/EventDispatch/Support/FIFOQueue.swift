/// A first-in, first-out queue; both ends take constant time on average.
struct FIFOQueue<Element: Sendable>: Sendable {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }

    var first: Element? { head < elements.count ? elements[head] : nil }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        defer {
            elements[head] = nil
            head += 1
            if head > 32, head * 2 > elements.count {
                elements.removeFirst(head)
                head = 0
            }
        }
        return elements[head]
    }

    /// Takes out the first element that a condition names.
    mutating func removeFirst(where condition: (Element) -> Bool) -> Element? {
        guard let index = elements.indices.first(where: { elements[$0].map(condition) ?? false }) else { return nil }
        return elements.remove(at: index)
    }

    /// Takes out all elements, in their order.
    mutating func removeAll() -> [Element] {
        defer { self = Self() }
        return elements[head...].compactMap { $0 }
    }
}
