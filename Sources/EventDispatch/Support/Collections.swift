import CEventDispatch

/// Elements of which there is mostly one, and that then needs no memory of its own.
enum Few<Element> {
    case none
    case one(Element)
    case many([Element])

    mutating func append(_ element: Element) {
        switch self {
        case .none: self = .one(element)
        case .one(let first): self = .many([first, element])
        case .many(var elements):
            self = .none
            elements.append(element)
            self = .many(elements)
        }
    }

    func forEach(_ body: (Element) -> Void) {
        switch self {
        case .none: break
        case .one(let element): body(element)
        case .many(let elements): for element in elements { body(element) }
        }
    }
}

extension Few: Sendable where Element: Sendable {}

/// A value that few have, apart in memory: so those that don't have it are small, and copied fast.
struct Seldom<Value: Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    private var box: Box?

    init(_ value: Value? = nil) { box = value.map { Box($0) } }

    /// The value; nil for those that don't have it.
    var value: Value? {
        get { box?.value }
        set { if box != nil || newValue != nil { box = newValue.map { Box($0) } } }
    }
}

/// A first-in, first-out queue; both ends take constant time on average.
struct FIFOQueue<Element: Sendable>: Sendable {
    private var places: [Element?]
    private var head = 0

    init(_ elements: [Element] = []) { places = elements }

    var count: Int { places.count - head }

    var first: Element? { head < places.count ? places[head] : nil }

    /// The elements in their order.
    var elements: [Element] { places[head...].compactMap { $0 } }

    mutating func append(_ element: Element) { places.append(element) }

    mutating func popFirst() -> Element? {
        guard head < places.count else { return nil }
        defer {
            places[head] = nil
            head += 1
            if head > 32, head * 2 > places.count {
                places.removeFirst(head)
                head = 0
            }
        }
        return places[head]
    }

    /// Takes out the elements that a condition names.
    mutating func removeAll(where condition: (Element) -> Bool) { self = Self(elements.filter { !condition($0) }) }

    /// Takes out all elements, in their order.
    mutating func removeAll() -> [Element] {
        defer { self = Self() }
        return elements
    }
}

extension Collection {
    /// The elements in memory of their own, for what leaves a locked section.
    ///
    /// A plain copy of an array shares its memory, which is written again under the lock as soon as reference counts say that the
    /// copy is gone. That is no race, but the thread sanitizer does not see reference counts and reports one; and a change that comes
    /// sooner would have to copy all elements, in the section.
    package var unshared: [Element] { map { $0 } }
}

/// An order of two threads that the thread sanitizer does not see, because what makes it is compiled without it, as Foundation is.
///
/// To be noted where the order is real: a note makes none.
package enum UnseenOrder {
    /// Notes that what the thread has done so far happens before what follows the next `takeOver` of an object.
    package static func handOver(_ object: AnyObject) { ed_released(address(of: object)) }

    /// Notes that what was done before the last `handOver` of an object has happened. Touches none of its memory.
    package static func takeOver(_ object: AnyObject) { ed_acquired(address(of: object)) }

    private static func address(of object: AnyObject) -> UnsafeRawPointer {
        UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
    }
}

/// A value that equals others of its type only, by the type's own `==` and `hash`. `AnyHashable` by itself takes numbers of different
/// types for equal, and takes sets apart, and stops the process where members of one have come to be equal.
struct Compared<Value: Hashable>: Hashable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
