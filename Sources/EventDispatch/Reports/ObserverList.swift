import Synchronization

/// The observers of a dispatcher.
final class ObserverList: Sendable {
    private struct State {
        var added = 0
        var observers: [(id: Int, observer: any DispatchObserver)] = []
    }

    /// Read by every fire; without observers it is all that a fire reads.
    private let hasNone = Atomic(true)
    private let state = Locked(State())

    /// Adds an observer, and returns what to remove it by.
    func add(_ observer: any DispatchObserver) -> Int {
        state.withLock { state in
            state.added += 1
            state.observers.append((state.added, observer))
            hasNone.store(false, ordering: .releasing)
            return state.added
        }
    }

    func remove(_ id: Int) {
        let removed = state.withLock { state in
            let removed = state.observers.filter { $0.id == id }
            state.observers.removeAll { $0.id == id }
            hasNone.store(state.observers.isEmpty, ordering: .releasing)
            return removed
        }
        withExtendedLifetime(removed) {}
    }

    /// Whether nobody observes.
    @inline(__always)
    var isEmpty: Bool { hasNone.load(ordering: .acquiring) }

    /// The observers as they are now; nil without any.
    var current: [any DispatchObserver]? {
        isEmpty ? nil : state.withLock { $0.observers.map(\.observer) }
    }
}
