import Synchronization

/// The last elements of many, written by any threads, of which none waits.
///
/// A writer draws a number, which names its place. If another thread is at that place, which takes a stalled writer or a reader, the
/// writer gives its element up and counts it.
final class TraceRing<Element: Sendable>: @unchecked Sendable {
    // Sound: a place is read and changed only by the thread that has made it busy, and the next one sees what that did: it acquires
    // what the other released.

    private struct Place {
        var number: UInt64 = 0
        var element: Element?
    }

    private let places: UnsafeMutablePointer<Place>
    /// Whether a thread is at each place. Apart from the places: to change a part of a structure is to access all of it.
    private let busy: UnsafeMutablePointer<Atomic<Bool>>
    private let count: Int
    private let next = Atomic<UInt64>(1)
    private let given = Atomic<Int>(0)

    /// How often a reader asks for a place that a writer is at. One that is stalled there has its element missed.
    private static var patience: Int { 100_000 }

    /// A ring of at least so many places: a power of two.
    init(atLeast least: Int) {
        count = 1 << max(0, Int.bitWidth - (max(least, 1) - 1).leadingZeroBitCount)
        places = .allocate(capacity: count)
        places.initialize(repeating: Place(), count: count)
        busy = .allocate(capacity: count)
        for index in 0..<count { (busy + index).initialize(to: Atomic(false)) }
    }

    deinit {
        places.deinitialize(count: count)
        places.deallocate()
        busy.deinitialize(count: count)
        busy.deallocate()
    }

    /// How many elements were given up because another thread was at their places.
    var givenUp: Int { given.load(ordering: .relaxed) }

    /// Adds an element in place of the oldest.
    @inline(__always)
    func append(_ element: consuming Element) {
        let number = next.add(1, ordering: .relaxed).oldValue
        let index = Int(truncatingIfNeeded: number & UInt64(truncatingIfNeeded: count - 1))
        guard begin(at: index) else {
            given.add(1, ordering: .relaxed)
            return
        }
        let place = places + index
        // A writer that was stalled for a whole round comes too late.
        guard place.pointee.number < number else { return end(at: index) }
        place.pointee.number = number
        let old = exchange(&place.pointee.element, with: element)
        end(at: index)
        // Freed when others can write again: it may hold text.
        withExtendedLifetime(old) {}
    }

    /// The elements that there are, the oldest first.
    ///
    /// - Parameter copy: makes a copy that shares no memory with what a writer frees. The thread sanitizer doesn't see reference counts.
    func elements(copiedBy copy: (Element) -> Element) -> [Element] {
        var found: [(number: UInt64, element: Element)] = []
        for index in 0..<count {
            guard wait(at: index) else { continue }
            let place = places + index
            if let element = place.pointee.element { found.append((place.pointee.number, copy(element))) }
            end(at: index)
        }
        return found.sorted { $0.number < $1.number }.map(\.element)
    }

    /// Forgets all elements.
    func removeAll() {
        for index in 0..<count {
            guard wait(at: index) else { continue }
            let old = exchange(&places[index].element, with: nil)
            end(at: index)
            withExtendedLifetime(old) {}
        }
    }

    private func wait(at index: Int) -> Bool {
        for _ in 0..<Self.patience where begin(at: index) { return true }
        return false
    }

    @inline(__always)
    private func begin(at index: Int) -> Bool {
        busy[index].compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    }

    @inline(__always)
    private func end(at index: Int) { busy[index].store(false, ordering: .releasing) }
}

/// Replaces a value, and returns the old one.
@inline(__always)
private func exchange<Value>(_ value: inout Value, with new: consuming Value) -> Value {
    let old = value
    value = new
    return old
}
