import Foundation
import Synchronization

/// Holds workers now and then, between two steps, so that what is allocated can be told from what is being done.
final class Rest: Sendable {
    private let workers: Int
    private let isWanted = Atomic(false)
    private let resting = Atomic(0)

    init(of workers: Int) { self.workers = workers }

    /// For a worker, between two steps.
    func takeIfWanted() {
        guard isWanted.load(ordering: .acquiring) else { return }
        resting.add(1, ordering: .acquiringAndReleasing)
        while isWanted.load(ordering: .acquiring) { usleep(100) }
        resting.subtract(1, ordering: .acquiringAndReleasing)
    }

    /// Calls a closure while all workers rest.
    func during<Result>(_ body: () -> Result) async throws -> Result {
        isWanted.store(true, ordering: .releasing)
        while resting.load(ordering: .acquiring) < workers { try await Task.sleep(for: .milliseconds(1)) }
        let result = body()
        isWanted.store(false, ordering: .releasing)
        while resting.load(ordering: .acquiring) > 0 { try await Task.sleep(for: .milliseconds(1)) }
        return result
    }
}
