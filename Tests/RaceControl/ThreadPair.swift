import Foundation
import Synchronization

/// Two threads that start together, and go on until each has done enough while the other was at it.
///
/// What they know of each other is relaxed, which orders nothing.
final class ThreadPair: Sendable {
    private static let enough = 40_000

    private let ready = Atomic(0)
    private let first = Atomic(0)
    private let second = Atomic(0)
    private let ended = Atomic(0)

    /// Calls each closure again and again, on a thread of its own; they return whether that counts.
    func run(_ body: @escaping @Sendable () -> Bool, _ otherBody: @escaping @Sendable () -> Bool) {
        Thread { self.repeatedly(body, self.first) }.start()
        Thread { self.repeatedly(otherBody, self.second) }.start()
        while ended.load(ordering: .acquiring) < 2 { sched_yield() }
    }

    private func repeatedly(_ body: () -> Bool, _ done: borrowing Atomic<Int>) {
        ready.add(1, ordering: .relaxed)
        while ready.load(ordering: .relaxed) < 2 { sched_yield() }
        while first.load(ordering: .relaxed) < Self.enough || second.load(ordering: .relaxed) < Self.enough {
            if done.load(ordering: .relaxed) >= Self.enough { sched_yield() }
            if body() { done.add(1, ordering: .relaxed) }
        }
        ended.add(1, ordering: .releasing)
    }
}
