import Synchronization

/// The last elements of many, written by any threads, of which none waits.
///
/// A writer draws a number, which names its place. If another thread is at that place, which takes a stalled writer or a reader, the
/// writer gives its element up and counts it.
final class TraceRing<Element: Sendable>: @unchecked Sendable {
    // Sound: a place is read and changed only by the thread that has made it busy, and the next one sees what that did: it acquires
    // what the other released.

    private struct Place: ~Copyable {
        let isBusy = Atomic(false)
        var number: UInt64 = 0
        var element: Element?
    }

    private let places: UnsafeMutablePointer<Place>
    private let count: Int
    private let next = Atomic<UInt64>(1)
    private let given = Atomic<Int>(0)

    /// How often a reader asks for a place that a writer is at. One that is stalled there has its element missed.
    private static var patience: Int { 100_000 }

    /// A ring of at least so many places: a power of two.
    init(atLeast least: Int) {
        count = 1 << max(0, Int.bitWidth - (max(least, 1) - 1).leadingZeroBitCount)
        places = .allocate(capacity: count)
        for index in 0..<count { (places + index).initialize(to: Place()) }
    }

    deinit {
        places.deinitialize(count: count)
        places.deallocate()
    }

    /// How many elements were given up because another thread was at their places.
    var givenUp: Int { given.load(ordering: .relaxed) }

    /// Adds an element in place of the oldest.
    @inline(__always)
    func append(_ element: consuming Element) {
        let number = next.add(1, ordering: .relaxed).oldValue
        let place = places + Int(truncatingIfNeeded: number & UInt64(truncatingIfNeeded: count - 1))
        guard begin(at: place) else {
            given.add(1, ordering: .relaxed)
            return
        }
        // A writer that was stalled for a whole round comes too late.
        guard place.pointee.number < number else { return end(at: place) }
        place.pointee.number = number
        let old = exchange(&place.pointee.element, with: element)
        end(at: place)
        // Freed when others can write again: it may hold text.
        withExtendedLifetime(old) {}
    }

    /// The elements that there are, the oldest first.
    ///
    /// - Parameter copy: makes a copy that shares no memory with what a writer frees. The thread sanitizer doesn't see reference counts.
    func elements(copiedBy copy: (Element) -> Element) -> [Element] {
        var found: [(number: UInt64, element: Element)] = []
        for index in 0..<count {
            let place = places + index
            guard wait(at: place) else { continue }
            if let element = place.pointee.element { found.append((place.pointee.number, copy(element))) }
            end(at: place)
        }
        return found.sorted { $0.number < $1.number }.map(\.element)
    }

    /// Forgets all elements.
    func removeAll() {
        for index in 0..<count {
            let place = places + index
            guard wait(at: place) else { continue }
            let old = exchange(&place.pointee.element, with: nil)
            end(at: place)
            withExtendedLifetime(old) {}
        }
    }

    private func wait(at place: UnsafeMutablePointer<Place>) -> Bool {
        for _ in 0..<Self.patience where begin(at: place) { return true }
        return false
    }

    @inline(__always)
    private func begin(at place: UnsafeMutablePointer<Place>) -> Bool {
        place.pointee.isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    }

    @inline(__always)
    private func end(at place: UnsafeMutablePointer<Place>) { place.pointee.isBusy.store(false, ordering: .releasing) }
}

/// Replaces a value, and returns the old one.
@inline(__always)
private func exchange<Value>(_ value: inout Value, with new: consuming Value) -> Value {
    let old = value
    value = new
    return old
}
