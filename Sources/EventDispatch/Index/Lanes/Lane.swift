import Synchronization

/// A way in which events find handlers: by what the value of one key equals, contains, lies in, or looks like.
///
/// One writer files handlers and takes them out; any number of fires collect meanwhile.
class Lane {
    /// The index of the key.
    final let key: Int
    /// How many handlers are filed.
    private let filed = Atomic(0)

    init(key: Int) { self.key = key }

    /// Takes the handlers that an event finds here.
    func collect(into reading: inout EventReading) { preconditionFailure("every lane collects") }

    /// Takes out what was filed in a place.
    func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ garbage: Garbage) {
        preconditionFailure("every lane removes")
    }

    /// What the lane goes by, for explanations.
    var name: String { preconditionFailure("every lane has a name") }

    /// Under how many values handlers are filed, for explanations; nil where the lane does not count them. For the writer.
    var valueCount: Int? { nil }

    /// How much memory the lane takes, in bytes; for the writer.
    var byteCount: Int { preconditionFailure("every lane knows its size") }

    /// Whether nothing is filed.
    @inline(__always)
    final var isEmpty: Bool { filed.load(ordering: .acquiring) == 0 }

    /// How many handlers are filed.
    final var count: Int { filed.load(ordering: .relaxed) }

    final func noteFiling() { filed.add(1, ordering: .releasing) }

    final func noteRemoval() { filed.subtract(1, ordering: .releasing) }
}
