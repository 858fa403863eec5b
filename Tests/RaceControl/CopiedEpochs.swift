import EventDispatch
import Synchronization

/// A copy of the library's epochs, with one stripe.
final class CopiedEpochs: Sendable {
    private struct Retired: @unchecked Sendable {
        // Sound: what is retired has no owner left but the list of what is retired.
        let epoch: Int
        let memory: UnsafeMutablePointer<Int>
    }

    private let even = Atomic(0)
    private let odd = Atomic(0)
    private let epoch = Atomic(0)
    private let hasRetired = Atomic(false)
    private let retired = Locked<[Retired]>([])

    /// Returns what to unpin.
    func pin() -> Int {
        let parity = epoch.load(ordering: .relaxed) & 1
        if parity == 0 {
            even.add(1, ordering: .sequentiallyConsistent)
        } else {
            odd.add(1, ordering: .sequentiallyConsistent)
        }
        return parity
    }

    func unpin(_ parity: Int) {
        if parity == 0 {
            even.subtract(1, ordering: .sequentiallyConsistent)
        } else {
            odd.subtract(1, ordering: .sequentiallyConsistent)
        }
        if hasRetired.load(ordering: .sequentiallyConsistent) { reclaim() }
    }

    func retire(_ memory: UnsafeMutablePointer<Int>) {
        let item = Retired(epoch: epoch.load(ordering: .relaxed), memory: memory)
        retired.withLock { retired in
            retired.append(item)
            hasRetired.store(true, ordering: .sequentiallyConsistent)
        }
        reclaim()
    }

    private func reclaim() {
        let free = retired.withLock { retired in
            var now = epoch.load(ordering: .relaxed)
            guard let newest = retired.last?.epoch else { return ArraySlice<Retired>() }
            while now < newest + 2, isUnpinned(now - 1) {
                now += 1
                epoch.store(now, ordering: .sequentiallyConsistent)
            }
            let end = retired.firstIndex { $0.epoch + 2 > now } ?? retired.endIndex
            let free = retired[..<end]
            retired = Array(retired[end...])
            hasRetired.store(!retired.isEmpty, ordering: .sequentiallyConsistent)
            return free
        }
        for item in free { item.memory.deallocate() }
    }

    private func isUnpinned(_ epoch: Int) -> Bool {
        (epoch & 1 == 0 ? even.load(ordering: .sequentiallyConsistent) : odd.load(ordering: .sequentiallyConsistent))
            == 0
    }
}
