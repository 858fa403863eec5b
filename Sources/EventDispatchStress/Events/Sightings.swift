import Synchronization

/// What handlers note on an event: how often each of them has seen it.
///
/// The counts are relaxed atomics, which order nothing: so they hide no race from the thread sanitizer.
final class Sightings: Sendable {
    /// A byte for each standing handler.
    private let standing = Atomic<UInt64>(0)
    /// A byte for each ID that subscriptions share.
    private let identified = Atomic<UInt64>(0)
    /// How many handlers of the firing worker's own saw it.
    private let own = Atomic(0)
    private let life = Life(of: .event)

    func note(standing number: Int) { standing.wrappingAdd(1 << UInt64(8 * number), ordering: .relaxed) }

    func note(id number: Int) { identified.wrappingAdd(1 << UInt64(8 * number), ordering: .relaxed) }

    func noteOwn() { own.wrappingAdd(1, ordering: .relaxed) }

    /// How often each standing handler saw the event.
    var ofStanding: [Int] { Self.bytes(standing.load(ordering: .relaxed)) }

    /// How often handlers of each ID saw it.
    var ofIDs: [Int] { Self.bytes(identified.load(ordering: .relaxed)) }

    var ofOwn: Int { own.load(ordering: .relaxed) }

    private static func bytes(_ word: UInt64) -> [Int] { (0..<8).map { Int(word >> UInt64(8 * $0) & 0xFF) } }
}
